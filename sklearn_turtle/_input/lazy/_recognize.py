"""Recognize arrays whose rows are read when they are needed.

No library is imported here: a user who passes an array of a library has imported it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from sklearn_turtle._input._shape import check_not_empty, check_two_dimensions
from sklearn_turtle._input.lazy._arrow import arrow_matrix
from sklearn_turtle._input.lazy._dask import DaskMatrix
from sklearn_turtle._input.lazy._mapped import MappedMatrix, mapping_of
from sklearn_turtle._input.lazy._matrix import LazyMatrix
from sklearn_turtle._input.lazy._rows import LazyRows
from sklearn_turtle._input.lazy._stores import stored_matrix

# Names of the classes that are recognized, by library.
_CLASSES = {
    "dask": {"Array"},
    "h5py": {"Dataset"},
    "polars": {"LazyFrame"},
    "pyarrow": {"Dataset", "ParquetFile", "Table"},
    "zarr": {"Array"},
}


def as_lazy(
    X: Any, label: str, dtype_of: Callable[[np.dtype[Any]], np.dtype[Any]]
) -> LazyMatrix | None:
    """View an array that is read as needed as a LazyMatrix.

    Parameters
    ----------
    X : object
        A zarr.Array, h5py.Dataset, dask.array.Array, pyarrow.Table,
        pyarrow.parquet.ParquetFile, pyarrow.dataset.Dataset, or any other object.
    label : str
        Name of ``X`` in messages.
    dtype_of : callable
        Returns the dtype in which to read a numeric dtype.

    Returns
    -------
    LazyMatrix or None
        None if ``X`` is any other object.

    Raises
    ------
    TypeError
        If ``X`` is a Dask DataFrame or a polars LazyFrame.
    ValueError
        If ``X`` is not a matrix of real numbers, is empty, or has an unknown number of rows.
    """
    if isinstance(X, LazyMatrix):
        return X

    def check_dtype(dtype: Any) -> np.dtype[Any]:
        dtype = np.dtype(dtype)
        if dtype.kind == "c":
            raise ValueError(f"Complex data not supported: {label} is of {dtype}.")
        if dtype.kind not in "biuf":
            raise ValueError(f"{label} must hold real numbers, not {dtype}.")
        return dtype_of(dtype)

    matrix: LazyMatrix
    library = library_of(X, _CLASSES)
    if library == "polars":
        raise TypeError(f"{label} is a polars LazyFrame: pass X.collect().")
    if library == "pyarrow":
        matrix = arrow_matrix(X, label, check_dtype)
    elif library is not None:
        check_two_dimensions(X.shape, label)
        _check_known(X.shape, label)
        dtype = check_dtype(X.dtype)
        matrix = DaskMatrix(X, dtype) if library == "dask" else stored_matrix(X, dtype)
    elif hasattr(X, "to_dask_array"):
        raise TypeError(
            f"{label} is a Dask DataFrame: pass X.to_dask_array(lengths=True), which has a known "
            "number of rows."
        )
    else:
        return None
    check_not_empty(matrix.shape, label)
    return matrix


def has_two_dimensions(X: Any) -> bool:
    """Return True if ``X`` is a 2-D array or a table that :func:`as_lazy` recognizes."""
    library = library_of(X, _CLASSES)
    return library in ("polars", "pyarrow") or (library is not None and len(X.shape) == 2)


def is_memory_map(matrix: Any) -> bool:
    """Return True if a matrix is an array in a file that is mapped into memory."""
    return mapping_of(matrix) is not None


def rows_of(matrix: Any) -> LazyRows | None:
    """Return the rows of a matrix that is read as needed, for the solver.

    Parameters
    ----------
    matrix : LazyMatrix, ndarray or tensor
        A checked matrix.

    Returns
    -------
    LazyRows or None
        None if the matrix is in memory.
    """
    if is_memory_map(matrix):
        matrix = MappedMatrix(matrix)
    return LazyRows(matrix) if isinstance(matrix, LazyMatrix) else None


def library_of(X: Any, classes: Mapping[str, Collection[str]]) -> str | None:
    """Find the library that defines the class of ``X``.

    Parameters
    ----------
    X : object
        Any object.
    classes : dict of str to collection of str
        Names of classes by library.

    Returns
    -------
    str or None
        None if neither the class of ``X`` nor one of its bases is among the classes.
    """
    for cls in type(X).__mro__:
        library = cls.__module__.partition(".")[0]
        if cls.__name__ in classes.get(library, ()):
            return library
    return None


def _check_known(shape: tuple[float, ...], label: str) -> None:
    if any(np.isnan(size) for size in shape):
        raise ValueError(
            f"{label} is a Dask array of unknown shape {tuple(shape)}: call "
            "X.compute_chunk_sizes() first."
        )
