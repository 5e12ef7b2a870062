"""Errors about columns of vectors."""

from collections.abc import Sequence
from typing import Any


def row_error(label: str, column: object, row: int, problem: str) -> ValueError:
    """Make the error for a row that does not hold a vector of numbers.

    Parameters
    ----------
    label : str
        Name of the matrix in messages.
    column : object
        Name of the column; None if it has none.
    row : int
        Index of the row.
    problem : str
        What the row holds, and what to do.

    Returns
    -------
    ValueError
    """
    return ValueError(f"{place(label, column)}, row {row}: {problem}")


def place(label: str, column: object) -> str:
    """Name a column in a message; the matrix alone if the column has no name."""
    return label if column is None or column == "" else f"{label}, column {column!r}"


def missing(label: str, column: object, row: int) -> ValueError:
    """Make the error for a row without a vector or a number."""
    return row_error(label, column, row, "the value is missing. Remove such rows, or impute them.")


def missing_within(label: str, column: object, row: int) -> ValueError:
    """Make the error for a vector that lacks a number."""
    problem = "the vector has a missing value. Remove such rows, or impute them."
    return row_error(label, column, row, problem)


def other_length(label: str, column: object, row: int, length: int, first: int) -> ValueError:
    """Make the error for a vector whose length is not that of the first one."""
    problem = (
        f"the vector has {length} values, but that of row 0 has {first}. All vectors need the "
        "same length: embed all rows with one model, or remove such rows."
    )
    return row_error(label, column, row, problem)


def several_columns(label: str, columns: Sequence[object], names: Sequence[object]) -> ValueError:
    """Make the error for a table with a column of vectors and other columns."""
    shown = ", ".join(map(repr, columns[:10])) + (", ..." if len(columns) > 10 else "")
    return ValueError(
        f"{label} has the columns {shown}, and column {names[0]!r} holds vectors. A column of "
        f"vectors is a matrix by itself: pass only X[{names[0]!r}], or one column per space, as in "
        f"{{{names[0]!r}: X[{names[0]!r}], ...}}."
    )


def is_missing(value: Any) -> bool:
    """Return True for the values that mark a missing entry of a column."""
    is_nan = isinstance(value, float) and value != value
    return value is None or is_nan or type(value).__name__ in ("NAType", "NaTType")
