"""Telling arrays that are read as needed from those that are in memory.

Whoever passes an array of a library has imported that library: none is imported here.
"""

import numpy as np

from sklearn_turtle._input.lazy._arrow import arrow_matrix
from sklearn_turtle._input.lazy._dask import DaskMatrix
from sklearn_turtle._input.lazy._mapped import MappedMatrix, mapping_of
from sklearn_turtle._input.lazy._matrix import LazyMatrix
from sklearn_turtle._input.lazy._rows import LazyRows
from sklearn_turtle._input.lazy._stores import stored_matrix

_TYPES = {
    "dask": {"Array"},
    "h5py": {"Dataset"},
    "pyarrow": {"Dataset", "ParquetFile", "Table"},
    "zarr": {"Array"},
}


def as_lazy(X, label, dtype_of):
    """See an array that is read as needed as a LazyMatrix.

    Parameters
    ----------
    X : object
        A zarr.Array, h5py.Dataset, dask.array.Array, pyarrow.Table,
        pyarrow.parquet.ParquetFile, pyarrow.dataset.Dataset, or anything else.
    label : str
        What messages call it.
    dtype_of : callable
        Gives the dtype to read a numeric dtype as.

    Returns
    -------
    LazyMatrix or None
        None where ``X`` is none of these.

    Raises
    ------
    ValueError
        If it is not a matrix of numbers, or its numbers of rows are not known.
    """
    if isinstance(X, LazyMatrix):
        return X

    def check_dtype(dtype):
        dtype = np.dtype(dtype)
        if dtype.kind == "c":
            raise ValueError(f"Complex data not supported: {label} is of {dtype}.")
        if dtype.kind not in "biuf":
            raise ValueError(f"{label} must hold real numbers, not {dtype}.")
        return dtype_of(dtype)

    kind = _kind(X)
    if kind == "pyarrow":
        matrix = arrow_matrix(X, check_dtype)
    elif kind is not None:
        _check_shape(X.shape, label)
        make = DaskMatrix if kind == "dask" else stored_matrix
        matrix = make(X, check_dtype(X.dtype))
    elif hasattr(X, "to_dask_array"):
        raise TypeError(
            f"{label} is a Dask DataFrame: pass X.to_dask_array(lengths=True), whose numbers of "
            "rows are known."
        )
    else:
        return None
    for size, what in zip(matrix.shape, ("sample", "feature"), strict=True):
        if size == 0:
            raise ValueError(
                f"Found array with 0 {what}(s) (shape={matrix.shape}) while a minimum of 1 is "
                f"required: {label}."
            )
    return matrix


def has_two_dimensions(X):
    """Whether ``X`` is an array or a table of a library that :func:`as_lazy` knows, and 2-D."""
    kind = _kind(X)
    return kind == "pyarrow" or (kind is not None and len(X.shape) == 2)


def is_memory_map(matrix):
    """Whether a matrix is an array in a file that is mapped into memory."""
    return mapping_of(matrix) is not None


def rows_of(matrix):
    """The rows of a matrix that is read as needed, for the solver; None for one in memory.

    Parameters
    ----------
    matrix : LazyMatrix, ndarray or tensor
        A checked matrix.

    Returns
    -------
    LazyRows or None
    """
    if is_memory_map(matrix):
        matrix = MappedMatrix(matrix)
    return LazyRows(matrix) if isinstance(matrix, LazyMatrix) else None


def _kind(X):
    """The library whose arrays or tables ``X`` is one of, or None."""
    for cls in type(X).__mro__:
        library = cls.__module__.partition(".")[0]
        if cls.__name__ in _TYPES.get(library, ()):
            return library
    return None


def _check_shape(shape, label):
    if len(shape) != 2:
        raise ValueError(
            f"Expected 2D array, got {len(shape)}D array instead: {label} has shape "
            f"{tuple(shape)}. Reshape it to (n_samples, n_features)."
        )
    if any(np.isnan(size) for size in shape):
        raise ValueError(
            f"{label} is a Dask array of unknown shape {tuple(shape)}: call "
            "X.compute_chunk_sizes() first."
        )
