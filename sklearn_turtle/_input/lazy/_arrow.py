"""Arrow tables, Parquet files and datasets of many files.

The features are one column of lists, with one list per row, or columns of numbers side by side.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from sklearn_turtle._input._row_errors import (
    missing,
    missing_within,
    other_length,
    place,
    several_columns,
)
from sklearn_turtle._input.lazy._matrix import PiecewiseMatrix
from sklearn_turtle._io._arrow_types import is_list_type, stored_type


def arrow_matrix(
    data: Any, label: str, check_dtype: Callable[[np.dtype[Any]], np.dtype[Any]]
) -> PiecewiseMatrix:
    """View Arrow data as a matrix that is read piece by piece.

    Parameters
    ----------
    data : pyarrow.Table, pyarrow.parquet.ParquetFile or pyarrow.dataset.Dataset
        Columns of features only.
    label : str
        Name of the matrix in messages.
    check_dtype : callable
        Returns the dtype in which to read a stored dtype; raises ValueError if the stored dtype
        is not numeric.

    Returns
    -------
    PiecewiseMatrix

    Raises
    ------
    ValueError
        If a column does not hold numbers, or if there are other columns beside one of lists.
    """
    sizes, read_piece = _pieces(data)
    schema = data.schema_arrow if hasattr(data, "schema_arrow") else data.schema
    lists = [field.name for field in schema if is_list_type(field.type)]
    if lists and len(schema) > 1:
        raise several_columns(label, schema.names, lists)
    if lists:
        dtype = check_dtype(_dtype_of_lists(schema[0].type, label, schema[0].name))
        n_columns = _length_of_lists(schema[0].type, sizes, read_piece)
    else:
        dtypes = [_numpy_dtype(field.type, label, field.name) for field in schema]
        dtype = check_dtype(np.result_type(*dtypes) if dtypes else np.dtype(np.float64))
        n_columns = len(dtypes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    def read_matrix(i: int) -> np.ndarray:
        return table_to_matrix(read_piece(i), n_columns, label, int(starts[i]))

    return PiecewiseMatrix((sum(sizes), n_columns), dtype, starts, read_matrix)


def table_to_matrix(table: Any, n_columns: int, label: str = "X", first_row: int = 0) -> np.ndarray:
    """Convert an Arrow table of features to an array.

    Parameters
    ----------
    table : pyarrow.Table
        One column of lists, or columns of numbers.
    n_columns : int
        Number of features.
    label : str, default="X"
        Name of the matrix in messages.
    first_row : int, default=0
        Index of the first row of the table in the matrix, for messages.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)

    Raises
    ------
    ValueError
        If values are missing or the lists differ in length.
    """
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count > 0:
            raise missing(label, name, first_row + _first(column.is_null()))
    if table.num_columns == 1 and is_list_type(table.schema[0].type):
        name = table.column_names[0]
        parts = []
        for chunk in table.column(0).chunks:
            parts.append(_lists_to_matrix(chunk, n_columns, label, name, first_row))
            first_row += len(chunk)
        return np.concatenate(parts) if parts else np.empty((0, n_columns))
    return np.column_stack([column.to_numpy() for column in table.columns])


def _lists_to_matrix(
    chunk: Any, n_columns: int, label: str, name: str, first_row: int
) -> np.ndarray:
    chunk = getattr(chunk, "storage", chunk)
    if not hasattr(chunk.type, "list_size"):
        lengths = chunk.value_lengths().to_numpy()
        other = np.flatnonzero(lengths != n_columns)
        if len(other) > 0:
            row, length = first_row + int(other[0]), int(lengths[other[0]])
            raise other_length(label, name, row, length, n_columns)
    values = chunk.flatten()
    if values.null_count > 0:
        raise missing_within(label, name, first_row + _first(values.is_null()) // n_columns)
    matrix: np.ndarray = values.to_numpy(zero_copy_only=False).reshape(len(chunk), n_columns)
    return matrix


def _first(is_wanted: Any) -> int:
    return int(np.argmax(is_wanted.to_numpy(zero_copy_only=False)))


def _dtype_of_lists(arrow_type: Any, label: str, name: str) -> np.dtype[Any]:
    shape = getattr(arrow_type, "shape", [1])
    if len(shape) != 1:
        raise ValueError(
            f"{place(label, name)}: the tensors have shape {tuple(shape)}, but a row needs one "
            "vector. Flatten them."
        )
    return _numpy_dtype(stored_type(arrow_type).value_type, label, name)


def _length_of_lists(arrow_type: Any, sizes: list[int], read_piece: Callable[[int], Any]) -> int:
    """Length of the lists: given by their type, or that of the first list."""
    fixed_length: int | None = getattr(stored_type(arrow_type), "list_size", None)
    if fixed_length is not None:
        return fixed_length
    if sum(sizes) == 0:
        return 0
    first = read_piece(int(np.argmax(np.array(sizes) > 0)))
    # a missing list has no length; it is reported when its rows are read
    lengths = (len(row) for row in first.column(0) if row.is_valid)
    return next(lengths, 1)


def _numpy_dtype(arrow_type: Any, label: str, name: str) -> np.dtype[Any]:
    try:
        dtype: np.dtype[Any] = np.dtype(arrow_type.to_pandas_dtype())
    except (NotImplementedError, TypeError):
        dtype = np.dtype(object)
    if dtype.kind == "O":
        raise ValueError(
            f"{place(label, name)} holds {arrow_type}, not real numbers: pass only the columns of "
            "features."
        )
    return dtype


def _pieces(data: Any) -> tuple[list[int], Callable[[int], Any]]:
    """The number of rows of each piece, and a function that reads a piece by its index."""
    if hasattr(data, "num_row_groups"):  # a ParquetFile
        groups = range(data.num_row_groups)
        return [data.metadata.row_group(i).num_rows for i in groups], data.read_row_group
    if hasattr(data, "get_fragments"):  # a dataset of any number of files
        fragments: list[Any] = []
        sizes: list[int] = []
        for fragment in data.get_fragments():
            if hasattr(fragment, "split_by_row_group"):  # of a Parquet file
                fragments += fragment.split_by_row_group()
                sizes += [group.num_rows for group in fragment.row_groups]
            else:
                fragments.append(fragment)
                sizes.append(fragment.count_rows())
        return sizes, lambda i: fragments[i].to_table(schema=data.schema)
    batches = data.to_batches()  # of a table, which may be a memory map

    def read_batch(i: int) -> Any:
        return data.from_batches([batches[i]])

    return [batch.num_rows for batch in batches], read_batch
