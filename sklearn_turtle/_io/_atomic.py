"""Files that are whole or not there."""

import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path):
    """A file beside the one named, which takes its place once it is written in full.

    Parameters
    ----------
    path : str or path-like
        The file to write or to replace. A link goes on pointing to its file.

    Yields
    ------
    file object
        Open for writing bytes. Where the body raises, the file named is as it was before.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(temporary, "wb") as file:
            yield file
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
