"""Read feature and label files."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._file_names import (
    check_is_file,
    check_suffix,
    errors_naming,
    split_name,
    suffix_of,
)
from sklearn_turtle._io._formats import (
    FEATURE_READERS,
    LABEL_READERS,
    Reader,
    select_column,
)


def read_features(name: str) -> Any:
    """Read the features of one space.

    Parameters
    ----------
    name : str
        A file: ``.npy`` (mapped into memory, not loaded), ``.h5``, ``.hdf5`` or ``.zarr`` (read
        as needed), ``.npz``, ``.pt``, ``.safetensors``, ``.csv`` or ``.parquet``. If it contains
        several arrays, ``file:array`` selects one. A column of vectors in a ``.parquet`` is an
        array, whatever other columns there are.

    Returns
    -------
    ndarray, tensor, DataFrame, h5py.Dataset or zarr.Array of shape (n_samples, n_features)
        With the dtype of the file. A column of vectors is a pyarrow.Table of this column, whose
        rows are not checked.

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or does not contain one matrix of numbers.
    """
    matrix = _read(name, FEATURE_READERS, "features")
    if hasattr(matrix, "column_names"):  # a column of vectors
        return matrix
    if matrix.ndim != 2:
        raise FileError(
            f"{name}: features must be a matrix with one row per sample; this array has shape "
            f"{tuple(matrix.shape)}"
        )
    if hasattr(matrix, "columns"):
        texts = matrix.select_dtypes(exclude=["number", "bool"]).columns
        if len(texts) > 0:
            raise FileError(f"{name}: column {texts[0]!r} is not numeric; remove it")
    elif not isinstance(matrix, torch.Tensor) and matrix.dtype.kind not in "biuf":
        raise FileError(f"{name}: features must be real numbers, not {matrix.dtype}")
    return matrix


def read_labels(name: str) -> np.ndarray:
    """Read one label per sample.

    Parameters
    ----------
    name : str
        A file of any format that :func:`read_features` reads, or ``.txt`` with one label per
        line. If a table has several columns, ``file:column`` selects one.

    Returns
    -------
    ndarray of shape (n_samples,)
        Integers or strings.

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or does not contain one label per sample.
    """
    labels = _read(name, LABEL_READERS, "labels")
    if hasattr(labels, "columns"):
        path, _ = split_name(name, LABEL_READERS)
        labels = select_column(path, labels, None)
    elif not isinstance(labels, torch.Tensor) and not hasattr(labels, "isna"):
        labels = np.asarray(labels)
    # NaN is not equal to itself
    missing = labels.isna() if hasattr(labels, "isna") else labels != labels
    if missing.any():
        raise FileError(f"{name}: some labels are missing")
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise FileError(
            f"{name}: expected one label per sample; this array has shape {labels.shape}"
        )
    return labels


def _read(name: str, readers: Mapping[str, Reader], content: str) -> Any:
    path, member = split_name(name, readers)
    check_suffix(name, path, readers, content)
    check_is_file(name, path)
    with errors_naming(name):
        return readers[suffix_of(path)](path, member)
