"""Arrow tables, Parquet files and datasets of many files.

Features are either one column of lists, one list a row, or columns of numbers side by side.
"""

import numpy as np

from sklearn_turtle._input.lazy._matrix import PiecewiseMatrix


def arrow_matrix(data, check_dtype):
    """See Arrow data as a matrix that is read piece by piece.

    Parameters
    ----------
    data : pyarrow.Table, pyarrow.parquet.ParquetFile or pyarrow.dataset.Dataset
        The features, and nothing else.
    check_dtype : callable
        Gives the dtype to read a stored dtype as; raises where it does not hold numbers.

    Returns
    -------
    PiecewiseMatrix
    """
    sizes, read_piece = _pieces(data)
    schema = data.schema_arrow if hasattr(data, "schema_arrow") else data.schema
    lists = len(schema) == 1 and hasattr(schema[0].type, "value_type")
    if lists:
        dtype = check_dtype(_numpy_dtype(schema[0].type.value_type, schema[0].name))
        n_columns = getattr(schema[0].type, "list_size", None)
        if n_columns is None:
            first = read_piece(int(np.argmax(np.array(sizes) > 0))) if sum(sizes) else None
            n_columns = 0 if first is None else len(first.column(0)[0])
    else:
        dtypes = [_numpy_dtype(field.type, field.name) for field in schema]
        dtype = check_dtype(np.result_type(*dtypes) if dtypes else np.dtype(np.float64))
        n_columns = len(dtypes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    def read_matrix(i):
        return table_to_matrix(read_piece(i), n_columns)

    return PiecewiseMatrix((sum(sizes), n_columns), dtype, starts, read_matrix)


def table_to_matrix(table, n_columns):
    """The features of an Arrow table as an array of shape (n_rows, n_columns)."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count > 0:
            raise ValueError(
                f"Input X contains NaN: column {name!r} has {column.null_count} missing values. "
                "Remove or impute such rows."
            )
    if table.num_columns == 1 and hasattr(table.schema[0].type, "value_type"):
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


def _numpy_dtype(arrow_type, name):
    try:
        return np.dtype(arrow_type.to_pandas_dtype())
    except (NotImplementedError, TypeError) as error:
        raise ValueError(
            f"Column {name!r} holds {arrow_type}, not numbers: pass the columns of features alone."
        ) from error


def _pieces(data):
    """Number of rows of each piece, and how to read one."""
    if hasattr(data, "num_row_groups"):  # a ParquetFile
        groups = range(data.num_row_groups)
        return [data.metadata.row_group(i).num_rows for i in groups], data.read_row_group
    if hasattr(data, "get_fragments"):  # a dataset of any number of files
        fragments, sizes = [], []
        for fragment in data.get_fragments():
            if hasattr(fragment, "split_by_row_group"):  # of a Parquet file
                fragments += fragment.split_by_row_group()
                sizes += [group.num_rows for group in fragment.row_groups]
            else:
                fragments.append(fragment)
                sizes.append(fragment.count_rows())
        return sizes, lambda i: fragments[i].to_table(schema=data.schema)
    batches = data.to_batches()  # of a table, which may lie in a memory map

    def read_batch(i):
        return data.from_batches([batches[i]])

    return [batch.num_rows for batch in batches], read_batch
