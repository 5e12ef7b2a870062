"""Matrices that are not in memory: their rows are read when they are needed.

A ``LazyMatrix`` reads rows from a store, from Arrow data, or from a Dask graph. The solver
accesses it through ``LazyRows``, which stands for the tensor of all rows.
"""

from sklearn_turtle._input.lazy._dask import DaskMatrix, predict_by_blocks
from sklearn_turtle._input.lazy._matrix import LazyMatrix
from sklearn_turtle._input.lazy._recognize import (
    as_lazy,
    has_two_dimensions,
    is_memory_map,
    library_of,
    rows_of,
)

__all__ = [
    "DaskMatrix",
    "LazyMatrix",
    "as_lazy",
    "has_two_dimensions",
    "is_memory_map",
    "library_of",
    "predict_by_blocks",
    "rows_of",
]
