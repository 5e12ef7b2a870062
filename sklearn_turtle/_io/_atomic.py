"""Write a file completely or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: os.PathLike[str] | str) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces the target once it is complete.

    The temporary file is in the same folder as the target.

    Parameters
    ----------
    path : str or path-like
        The file to write or replace. If it is a link, the file that it points to is replaced.

    Yields
    ------
    file object
        Open for writing bytes. If the body raises, the target stays as it was.

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
