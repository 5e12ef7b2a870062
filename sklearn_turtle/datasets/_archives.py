"""Archives as datasets are distributed."""

import gzip
import shutil
import tarfile
from pathlib import Path

from sklearn_turtle._io._atomic import replacing

_ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def extract_archives(folder):
    """Extract all archives in a folder, into that folder.

    Archives are left where they are. Members that would land outside of the folder are refused.

    Parameters
    ----------
    folder : str or Path
        Holds ``.zip``, ``.tar``, ``.tar.gz``, ``.tgz``, ``.tar.bz2``, ``.tar.xz`` or ``.gz``
        files. A single ``.gz`` file is decompressed beside itself.

    Returns
    -------
    list of Path
        The archives that were extracted.

    Raises
    ------
    FileNotFoundError
        If the folder holds no archive.
    ValueError
        If an archive is damaged.

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
        raise FileNotFoundError(f"{folder}: holds no archive (.zip, .tar, .tgz, .gz).")
    for path in archives:
        try:
            if path.name.endswith(".zip"):
                shutil.unpack_archive(path, folder)
            elif _is_archive(path):
                shutil.unpack_archive(path, folder, filter="data")
            else:
                with gzip.open(path) as source, replacing(path.with_suffix("")) as target:
                    shutil.copyfileobj(source, target)
        except (OSError, EOFError, shutil.ReadError, tarfile.TarError) as error:
            raise ValueError(f"{path}: cannot be extracted ({error}).") from error
    return archives


def _is_archive(path):
    return path.name.lower().endswith(_ARCHIVE_SUFFIXES)
