"""Read embeddings that are one column of vectors, from pandas, polars, NumPy and Arrow."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from sklearn_turtle._input._conversion import to_numpy
from sklearn_turtle._input._row_errors import (
    is_missing,
    missing,
    missing_within,
    other_length,
    row_error,
    several_columns,
)
from sklearn_turtle._input._tables import as_table, is_column_of_lists, table_of_column
from sklearn_turtle._io._arrow_types import is_list_type

# Kinds of NumPy's dtypes. Complex numbers are refused later, as in any other matrix.
_NUMBERS = "biufc"
_OBJECT = np.dtype(object)


def unpack_vectors(X: Any, label: str) -> Any:
    """Replace a column of vectors by a matrix, or by an Arrow table that is read in pieces.

    Parameters
    ----------
    X : object
        A column of vectors or a table of one such column: a pandas or polars Series or DataFrame,
        an array of objects, an Arrow array or record batch, a dataset of Hugging Face or one of
        its columns; or any other object.
    label : str
        Name of ``X`` in messages.

    Returns
    -------
    ndarray of shape (n_samples, n_features), pyarrow.Table, or ``X`` itself
        ``X`` itself if it is any other object.

    Raises
    ------
    ValueError
        If vectors differ in length, are missing or do not hold numbers, or if a table has other
        columns beside a column of vectors.
    """
    column, name = _only_column(X, label)
    if column is None or not _holds_vectors(column):
        table = as_table(X, label)
        return X if table is None else table
    if hasattr(column.dtype, "pyarrow_dtype"):  # pandas, stored in Arrow
        return table_of_column(column.array.__arrow_array__(), "" if name is None else str(name))
    values = column
    if not isinstance(column, np.ndarray):
        if hasattr(column, "null_count") and column.null_count() > 0:  # polars
            raise missing(label, name, int(column.is_null().arg_max()))
        values = column.to_numpy()
    if values.ndim == 2 and values.dtype.kind in _NUMBERS:  # polars, vectors of a fixed length
        return values
    return stack_vectors(values, label, name)


def is_column_of_vectors(X: Any) -> bool:
    """Return True if ``X`` is a column, not a table, that holds one vector per row."""
    is_column = _is_frame(X) and not hasattr(X, "columns")
    if is_column or _is_array_of_objects(X):
        return _holds_vectors(X)
    return is_column_of_lists(X)


def check_rows(X: Any, label: str) -> None:
    """Raise ValueError about the first row of a list of vectors that differs from the others.

    Parameters
    ----------
    X : object
        A list or tuple of vectors, or any other object, which is not checked.
    label : str
        Name of ``X`` in messages.
    """
    if isinstance(X, (list, tuple)) and any(map(_is_vector, X)):
        stack_vectors(X, label)


def stack_vectors(vectors: Sequence[Any], label: str, column: object = None) -> np.ndarray:
    """Join one vector per row to a matrix.

    Parameters
    ----------
    vectors : sequence of array-like of shape (n_features,)
        The vectors: arrays, lists or tensors.
    label : str
        Name of the matrix in messages.
    column : object, default=None
        Name of the column in messages; None if it has none.

    Returns
    -------
    ndarray of shape (n_samples, n_features)
        In the dtype that holds those of all vectors.

    Raises
    ------
    ValueError
        If vectors differ in length, are missing, or do not hold numbers.
    """
    arrays = [_as_array(vector) for vector in vectors]
    are_alike = len({array.shape for array in arrays}) == 1 and arrays[0].ndim == 1
    if not are_alike or any(array.dtype.kind not in _NUMBERS for array in arrays):
        _raise_first_error(arrays, vectors, label, column)
    matrix: np.ndarray = np.stack(arrays)
    return matrix


def _raise_first_error(
    arrays: Sequence[np.ndarray], vectors: Sequence[Any], label: str, column: object
) -> None:
    for row, (array, vector) in enumerate(zip(arrays, vectors, strict=True)):
        if array.ndim == 0 and is_missing(vector):
            raise missing(label, column, row)
        if array.ndim != 1:
            found = f"{vector!r:.40}" if array.ndim == 0 else f"an array of shape {array.shape}"
            problem = (
                f"expected a vector, but found {found}. Pass one vector of numbers per row, or, "
                "for several spaces, a list of matrices."
            )
            raise row_error(label, column, row, problem)
        if array.dtype == _OBJECT and any(map(is_missing, array)):
            raise missing_within(label, column, row)
        if array.dtype.kind not in _NUMBERS:
            found = " ".join(f"{vector!r:.40}".split())
            problem = f"{found} does not hold numbers. Pass the column of the embeddings."
            raise row_error(label, column, row, problem)
        if len(array) != len(arrays[0]):
            raise other_length(label, column, row, len(array), len(arrays[0]))


def _only_column(X: Any, label: str) -> tuple[Any, Any]:
    """The column that may hold vectors, and its name; None if ``X`` is not a single column."""
    if _is_array_of_objects(X):
        return X.reshape(-1), None
    if not _is_frame(X):
        return None, None
    if not hasattr(X, "columns"):
        return X, X.name
    if X.shape[1] == 1:
        return _column(X, 0), X.columns[0]
    names = [
        name
        for j, (name, dtype) in enumerate(zip(X.columns, X.dtypes, strict=True))
        if _may_hold_vectors(dtype) and _first_is_vector(_column(X, j))
    ]
    if names:
        raise several_columns(label, list(X.columns), names)
    return None, None


def _column(frame: Any, j: int) -> Any:
    return frame.iloc[:, j] if hasattr(frame, "iloc") else frame.to_series(j)


def _holds_vectors(column: Any) -> bool:
    if column.dtype == _OBJECT:
        # a column without any value is reported as one
        return any(map(_is_vector, column)) or (len(column) > 0 and all(map(is_missing, column)))
    return _may_hold_vectors(column.dtype)


def _may_hold_vectors(dtype: Any) -> bool:
    if hasattr(dtype, "pyarrow_dtype"):
        return is_list_type(dtype.pyarrow_dtype)
    # polars has the attribute for lists and arrays
    return bool(dtype == _OBJECT) or hasattr(dtype, "inner")


def _first_is_vector(column: Any) -> bool:
    present = (value for value in column if not is_missing(value))
    return column.dtype != _OBJECT or _is_vector(next(present, None))


def _is_vector(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) > 0


def _as_array(vector: Any) -> np.ndarray:
    if isinstance(vector, torch.Tensor):
        return to_numpy(vector.detach())
    try:
        return np.asarray(vector)
    except ValueError:  # a list of lists that differ in length
        return np.fromiter(vector, dtype=object)


def _is_frame(X: Any) -> bool:
    """Return True for a table or a column of pandas or polars; Dask has its own matrices."""
    if type(X).__module__.startswith("polars."):
        return hasattr(X, "shape")  # a LazyFrame has none
    return hasattr(X, "iloc") and not hasattr(X, "to_dask_array")


def _is_array_of_objects(X: Any) -> bool:
    if not isinstance(X, np.ndarray) or X.dtype != _OBJECT:
        return False
    return X.ndim == 1 or (X.ndim == 2 and X.shape[1] == 1)
