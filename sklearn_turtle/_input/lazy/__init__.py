"""Matrices whose rows lie on a disk, in a store or in a graph of tasks, and are read as needed."""

from sklearn_turtle._input.lazy._dask import DaskMatrix, predict_by_blocks
from sklearn_turtle._input.lazy._matrix import LazyMatrix
from sklearn_turtle._input.lazy._recognize import (
    as_lazy,
    has_two_dimensions,
    is_memory_map,
    rows_of,
)

__all__ = [
    "DaskMatrix",
    "LazyMatrix",
    "as_lazy",
    "has_two_dimensions",
    "is_memory_map",
    "predict_by_blocks",
    "rows_of",
]
