"""Arrow tables, Parquet files and datasets of many files.

The features are one column of lists, with one list per row, or columns of numbers side by side.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from sklearn_turtle._input.lazy._matrix import PiecewiseMatrix


def arrow_matrix(
    data: Any, check_dtype: Callable[[np.dtype[Any]], np.dtype[Any]]
) -> PiecewiseMatrix:
    """View Arrow data as a matrix that is read piece by piece.

    Parameters
    ----------
    data : pyarrow.Table, pyarrow.parquet.ParquetFile or pyarrow.dataset.Dataset
        Columns of features only.
    check_dtype : callable
        Returns the dtype in which to read a stored dtype; raises ValueError if the stored dtype
        is not numeric.

    Returns
    -------
    PiecewiseMatrix

    Raises
    ------
    ValueError
        If a column does not hold numbers.
    """
    sizes, read_piece = _pieces(data)
    schema = data.schema_arrow if hasattr(data, "schema_arrow") else data.schema
    if len(schema) == 1 and _is_list(schema[0].type):
        dtype = check_dtype(_numpy_dtype(schema[0].type.value_type, schema[0].name))
        n_columns = _length_of_lists(schema[0].type, sizes, read_piece)
    else:
        dtypes = [_numpy_dtype(field.type, field.name) for field in schema]
        dtype = check_dtype(np.result_type(*dtypes) if dtypes else np.dtype(np.float64))
        n_columns = len(dtypes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    def read_matrix(i: int) -> np.ndarray:
        return table_to_matrix(read_piece(i), n_columns)

    return PiecewiseMatrix((sum(sizes), n_columns), dtype, starts, read_matrix)


def table_to_matrix(table: Any, n_columns: int) -> np.ndarray:
    """Convert an Arrow table of features to an array.

    Parameters
    ----------
    table : pyarrow.Table or pyarrow.RecordBatch
        One column of lists, or columns of numbers.
    n_columns : int
        Number of features.

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
            raise ValueError(
                f"Input X contains NaN: column {name!r} has {column.null_count} missing values. "
                "Remove or impute such rows."
            )
    if table.num_columns == 1 and _is_list(table.schema[0].type):
        values = [chunk.flatten() for chunk in table.column(0).chunks]
        numbers = [part.to_numpy(zero_copy_only=False) for part in values]
        flat = np.concatenate(numbers) if numbers else np.empty(0)
        if len(flat) != table.num_rows * n_columns:
            raise ValueError(
                f"The lists in column {table.column_names[0]!r} differ in length: all rows need "
                f"{n_columns} features."
            )
        return flat.reshape(table.num_rows, n_columns)
    return np.column_stack([column.to_numpy() for column in table.columns])


def _is_list(arrow_type: Any) -> bool:
    return hasattr(arrow_type, "value_type")


def _length_of_lists(arrow_type: Any, sizes: list[int], read_piece: Callable[[int], Any]) -> int:
    """Length of the lists: given by their type, or that of the first list."""
    fixed_length: int | None = getattr(arrow_type, "list_size", None)
    if fixed_length is not None:
        return fixed_length
    if sum(sizes) == 0:
        return 0
    first = read_piece(int(np.argmax(np.array(sizes) > 0)))
    return len(first.column(0)[0])


def _numpy_dtype(arrow_type: Any, name: str) -> np.dtype[Any]:
    try:
        dtype: np.dtype[Any] = np.dtype(arrow_type.to_pandas_dtype())
    except (NotImplementedError, TypeError) as error:
        raise ValueError(
            f"Column {name!r} holds {arrow_type}, not numbers: pass only the columns of features."
        ) from error
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
