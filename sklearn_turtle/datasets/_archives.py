"""Extract the archives in which datasets are distributed."""

import gzip
import os
import shutil
import tarfile
from pathlib import Path

from sklearn_turtle._io._atomic import replacing

_ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def extract_archives(folder: os.PathLike[str] | str) -> list[Path]:
    """Extract all archives in a folder into that folder.

    The archives stay where they are. Nothing is written outside the folder: a tar archive with
    such a member is an error, and such members of a zip archive are skipped.

    Parameters
    ----------
    folder : str or path-like
        Folder with ``.zip``, ``.tar``, ``.tar.gz``, ``.tgz``, ``.tar.bz2``, ``.tar.xz`` or
        ``.gz`` files. A ``.gz`` file of a single file is decompressed next to itself.

    Returns
    -------
    list of Path
        The extracted archives.

    Raises
    ------
    FileNotFoundError
        If the folder contains no archive.
    ValueError
        If an archive is damaged, or a tar archive has a member outside the folder.
    RuntimeError
        If there is a tar archive and Python is too old to extract it safely (before 3.11.4).

    Examples
    --------
    >>> import tempfile, zipfile
    >>> from pathlib import Path
    >>> from sklearn_turtle.datasets import extract_archives
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with zipfile.ZipFile(Path(folder, "images.zip"), "w") as archive:
    ...         archive.writestr("train/cat/1.txt", "")
    ...     extracted = extract_archives(folder)
    ...     Path(folder, "train", "cat", "1.txt").exists()
    True
    """
    folder = Path(folder)
    archives = [
        path for path in sorted(folder.iterdir()) if path.suffix == ".gz" or _is_archive(path)
    ]
    if not archives:
        raise FileNotFoundError(f"{folder}: no archives found (.zip, .tar, .tgz, .gz).")
    for path in archives:
        try:
            if path.name.endswith(".zip"):
                shutil.unpack_archive(path, folder)
            elif _is_archive(path):
                if not hasattr(tarfile, "data_filter"):
                    raise RuntimeError(
                        f"{path}: Python 3.11.4 or later is needed to extract it safely; extract "
                        "it yourself, or update Python."
                    )
                shutil.unpack_archive(path, folder, filter="data")
            else:
                with gzip.open(path) as source, replacing(path.with_suffix("")) as target:
                    shutil.copyfileobj(source, target)
        except (OSError, EOFError, shutil.ReadError, tarfile.TarError) as error:
            raise ValueError(f"{path}: extraction failed ({error}).") from error
    return archives


def _is_archive(path: Path) -> bool:
    return path.name.lower().endswith(_ARCHIVE_SUFFIXES)
