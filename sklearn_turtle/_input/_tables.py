"""View arrays and batches of Arrow, and datasets of Hugging Face, as Arrow tables.

Arrow is imported only if the user passes Arrow data.
"""

from typing import Any

from sklearn_turtle._input._shape import check_two_dimensions
from sklearn_turtle._input.lazy import library_of
from sklearn_turtle._io._arrow_types import is_list_type

_BATCHES = {"pyarrow": {"RecordBatch"}, "datasets": {"Dataset"}}
_COLUMNS = {"pyarrow": {"Array", "ChunkedArray"}, "datasets": {"Column"}}


def as_table(X: Any, label: str) -> Any | None:
    """View a batch, an array of lists, or a dataset or one of its columns as a pyarrow.Table.

    Parameters
    ----------
    X : object
        A pyarrow.RecordBatch, pyarrow.Array, pyarrow.ChunkedArray, datasets.Dataset, a column of
        the latter, or any other object.
    label : str
        Name of ``X`` in messages.

    Returns
    -------
    pyarrow.Table or None
        None if ``X`` is any other object. A dataset whose rows were selected is copied into
        memory.

    Raises
    ------
    ValueError
        If an array or a column does not hold lists.
    """
    batch_of = library_of(X, _BATCHES)
    if batch_of == "pyarrow":
        import pyarrow

        return pyarrow.Table.from_batches([X])
    if batch_of == "datasets":
        return _table_of_dataset(X)
    column_type = _type_of_column(X)
    if column_type is None:
        return None
    if not is_list_type(column_type):
        check_two_dimensions((len(X),), label)
    if hasattr(X, "column_name"):
        return _table_of_dataset(X.source.select_columns(X.column_name))
    return table_of_column(X, "")


def table_of_column(column: Any, name: str) -> Any:
    """Make a table of one Arrow array."""
    import pyarrow

    return pyarrow.table({name: column})


def is_column_of_lists(X: Any) -> bool:
    """Return True if ``X`` is an Arrow array, or a column of a dataset, that holds lists."""
    column_type = _type_of_column(X)
    return column_type is not None and is_list_type(column_type)


def _type_of_column(X: Any) -> Any | None:
    library = library_of(X, _COLUMNS)
    if library == "datasets":
        # a column of a nested column has no table of its own
        features = getattr(X.source, "features", None)
        schema = getattr(features, "arrow_schema", None)
        return None if schema is None else schema.field(X.column_name).type
    return X.type if library == "pyarrow" else None


def _table_of_dataset(dataset: Any) -> Any:
    # the table that a dataset holds ignores the order and the selection of its rows
    return dataset.with_format("arrow")[:]
