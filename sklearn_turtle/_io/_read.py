"""Read feature, label and text files: one reader per suffix."""

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._formats import FEATURE_READERS, LABEL_READERS, TEXT_READERS, only_column

# What to install for the formats that the required packages do not read.
_PACKAGES = {
    ".csv": "pandas",
    ".h5": "h5py",
    ".hdf5": "h5py",
    ".parquet": "pandas pyarrow",
    ".safetensors": "safetensors",
    ".zarr": "zarr",
}


def read_features(name):
    """Read the features of one space.

    Parameters
    ----------
    name : str
        A file: ``.npy`` (mapped into memory, not loaded), ``.h5``, ``.hdf5`` or ``.zarr`` (read
        as needed), ``.npz``, ``.pt``, ``.safetensors``, ``.csv`` or ``.parquet``. Where it holds
        several arrays, ``file:array`` names one.

    Returns
    -------
    ndarray, tensor, DataFrame, h5py.Dataset or zarr.Array of shape (n_samples, n_features)
        Of the dtype that the file has.

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or does not hold one matrix of numbers.
    """
    matrix = _read(name, FEATURE_READERS, "features")
    if matrix.ndim != 2:
        raise FileError(
            f"{name}: features must be a matrix, one row a sample; this array has shape "
            f"{tuple(matrix.shape)}"
        )
    if hasattr(matrix, "columns"):
        texts = matrix.select_dtypes(exclude=["number", "bool"]).columns
        if len(texts) > 0:
            raise FileError(f"{name}: column {texts[0]!r} does not hold numbers; leave it out")
    elif not isinstance(matrix, torch.Tensor) and matrix.dtype.kind not in "biuf":
        raise FileError(f"{name}: features must be real numbers, not {matrix.dtype}")
    return matrix


def read_labels(name):
    """Read one label a sample.

    Parameters
    ----------
    name : str
        A file of any format that :func:`read_features` reads, or ``.txt`` with one label a
        line. In a table of several columns, ``file:column`` names one.

    Returns
    -------
    ndarray of shape (n_samples,)
        Integers or strings.

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or does not hold one label a sample.
    """
    labels = _read(name, LABEL_READERS, "labels")
    if hasattr(labels, "columns"):
        path, _ = _split(name, LABEL_READERS)
        labels = only_column(path, labels, None)
    elif not isinstance(labels, torch.Tensor) and not hasattr(labels, "isna"):
        labels = np.asarray(labels)
    # a number that is missing is unlike itself
    missing = labels.isna() if hasattr(labels, "isna") else labels != labels
    if missing.any():
        raise FileError(f"{name}: some labels are missing")
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise FileError(f"{name}: labels must be one a sample; this array has shape {labels.shape}")
    return labels


def read_texts(name):
    """Read one text a sample.

    Parameters
    ----------
    name : str
        A table, ``.csv`` or ``.parquet``, of which ``file:column`` names the column where there
        are several; or ``.txt`` with one text a line.

    Returns
    -------
    list of str or None
        None for a text that is missing.

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or holds anything else.
    """
    texts = _read(name, TEXT_READERS, "texts")
    if hasattr(texts, "columns"):
        path, _ = _split(name, TEXT_READERS)
        texts = only_column(path, texts, None)
    if hasattr(texts, "isna"):
        texts = [
            None if missing else text for text, missing in zip(texts, texts.isna(), strict=True)
        ]
    for row, text in enumerate(texts):
        if not (text is None or isinstance(text, str)):
            raise FileError(f"{name}: holds no texts; row {row} is {text!r}")
    return texts


def _read(name, readers, what):
    path, member = _split(name, readers)
    _check_suffix(name, path, readers, what)
    _check_is_file(name, path)
    with _naming(name):
        return readers[path.suffix.lower()](path, member)


def _check_suffix(name, path, readers, what):
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise FileError(
            f"{name}: {what} are not read from files that end in {suffix!r}; use {_list(readers)}"
        )


def _check_is_file(name, path):
    if not path.exists():
        raise FileError(f"{name}: there is no such file")
    if path.is_dir() and path.suffix.lower() != ".zarr":  # which is a folder
        raise FileError(f"{name}: is a folder")


def _split(name, readers):
    """Split ``file:array``; a colon after anything but a file belongs to the path."""
    path, colon, member = name.rpartition(":")
    if colon and Path(path).suffix.lower() in readers and not Path(name).exists():
        return Path(path), member
    return Path(name), None


@contextmanager
def _naming(name):
    """Turn whatever goes wrong with a file into one line that names it."""
    try:
        yield
    except FileError:
        raise
    except ImportError as error:
        packages = _PACKAGES.get(_split(name, LABEL_READERS)[0].suffix.lower(), error.name)
        raise FileError(
            f"{name}: a package that reads it is missing: pip install {packages}"
        ) from error
    except Exception as error:  # on a damaged file, readers raise errors of any kind
        if isinstance(error, OSError) and error.strerror:  # the system's own
            raise FileError(f"{name}: {error.strerror}") from error
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise FileError(f"{name}: cannot be read ({reason[0]})") from error


def _list(suffixes):
    return ", ".join(suffixes)
