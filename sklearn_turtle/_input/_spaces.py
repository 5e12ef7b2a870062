"""Named feature matrices over the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
import torch

from sklearn_turtle._input._columns import Columns, slices_of_widths
from sklearn_turtle._input._conversion import to_numpy
from sklearn_turtle._input._matrix import Matrix, check_matrix
from sklearn_turtle._input._row_labels import check_row_labels
from sklearn_turtle._input._vectors import is_column_of_vectors
from sklearn_turtle._input.lazy import (
    DaskMatrix,
    LazyMatrix,
    has_two_dimensions,
    is_memory_map,
)


@dataclass(frozen=True)
class Spaces:
    """Feature matrices over the same rows.

    Attributes
    ----------
    names : list of str
        Name of each space.
    matrices : list of (ndarray, tensor or LazyMatrix) of shape (n_samples, n_features of the space)
        Features of each space; views of the user's data if possible.
    columns : list of (slice or ndarray of int)
        Columns of each space in the stacked matrix.
    """

    names: list[str]
    matrices: list[Matrix]
    columns: list[Columns]

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return self.matrices[0].shape[0]

    @property
    def widths(self) -> list[int]:
        """Number of features of each space."""
        return [matrix.shape[1] for matrix in self.matrices]

    @property
    def float_dtype(self) -> np.dtype[Any]:
        """float64 if any space holds 32-bit or 64-bit integers or float64, else float32."""
        wide = {"float64", "int32", "int64"}
        dtypes = {str(matrix.dtype).removeprefix("torch.") for matrix in self.matrices}
        return np.dtype(np.float64 if dtypes & wide else np.float32)

    @property
    def read_as_needed(self) -> bool:
        """True if any space is not in memory, so that its rows are read when they are needed."""
        return any(isinstance(m, LazyMatrix) or is_memory_map(m) for m in self.matrices)

    @property
    def dask_matrices(self) -> list[DaskMatrix] | None:
        """The matrices if all of them are Dask arrays, else None."""
        matrices = [matrix for matrix in self.matrices if isinstance(matrix, DaskMatrix)]
        return matrices if len(matrices) == len(self.matrices) else None

    def only(self, name: str) -> "Spaces":
        """The one space of this name."""
        k = self.names.index(name)
        return Spaces([name], [self.matrices[k]], [self.columns[k]])


def stack_spaces(X: Any) -> tuple[Any, list[int]]:
    """Join the feature matrices of several spaces into one matrix, for scikit-learn's tools.

    Cross-validation, grid search and pipelines split the rows of one 2-D array. They would split
    a list of matrices by its entries, that is, by spaces.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space)
        One matrix per space, over the same rows.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features), or a tensor if all spaces are tensors
        The columns of all spaces side by side, in a dtype that holds all of them.
    widths : list of int
        Number of columns of each space, for ``TurtleClustering(spaces=widths)``.

    Raises
    ------
    ValueError
        If ``X`` is not a collection of 2-D matrices, or if their numbers of rows or their indexes
        differ.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle import stack_spaces
    >>> X, widths = stack_spaces([np.zeros((5, 3)), np.ones((5, 2))])
    >>> X.shape, widths
    ((5, 5), [3, 2])
    """
    if not is_collection_of_spaces(X):
        raise ValueError(
            "stack_spaces expects a list, tuple or dict of 2-D matrices, one per space; got "
            f"{_describe(X)}. A single matrix needs no stacking: pass it to the estimator as it "
            "is."
        )
    spaces = spaces_of_collection(X)
    tensors = [matrix for matrix in spaces.matrices if isinstance(matrix, torch.Tensor)]
    if len(tensors) == len(spaces.matrices):
        return torch.cat(tensors, dim=1), spaces.widths
    return np.hstack([to_numpy(matrix) for matrix in spaces.matrices]), spaces.widths


def is_collection_of_spaces(X: Any) -> bool:
    """Return True if ``X`` holds one matrix per space, False if it is one matrix."""
    if isinstance(X, Mapping):
        # scipy's dictionary of keys was a mapping before version 1.15
        return not scipy.sparse.issparse(X)
    if not isinstance(X, (list, tuple)) or len(X) == 0:
        return False
    # A list of rows is one matrix, as everywhere in scikit-learn. The entries of a list of spaces
    # have two dimensions.
    return any(_n_dimensions(entry) >= 2 for entry in X)


def spaces_of_collection(X: Any) -> Spaces:
    """Check the matrices of a list, tuple or dict.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space)
        One matrix per space.

    Returns
    -------
    Spaces

    Raises
    ------
    ValueError
        If there is no space, if two have the same name, if their numbers of rows differ, or if
        their indexes differ; and as :func:`check_matrix`.
    TypeError
        As :func:`check_matrix`.
    """
    if len(X) == 0:
        raise ValueError("X holds no space: pass at least one 2-D feature matrix.")
    if isinstance(X, Mapping):
        names = [str(name) for name in X]
        if len(set(names)) < len(names):
            raise ValueError(f"The names of the spaces are not distinct: {names}.")
        entries = list(X.values())
    else:
        names = [f"space{k}" for k in range(len(X))]
        entries = list(X)
    matrices = [check_matrix(matrix, name) for name, matrix in zip(names, entries, strict=True)]
    for name, matrix in zip(names, matrices, strict=True):
        if matrix.shape[0] != matrices[0].shape[0]:
            raise ValueError(
                "All spaces must have the same rows: space "
                f"{names[0]!r} has {matrices[0].shape[0]} samples, space {name!r} has "
                f"{matrix.shape[0]}. If the entries are batches of one matrix, pass "
                "np.concatenate(X)."
            )
    check_row_labels(names, entries)
    return Spaces(names, matrices, slices_of_widths([matrix.shape[1] for matrix in matrices]))


def spaces_of_matrix(matrix: Matrix, names: list[str], columns: list[Columns]) -> Spaces:
    """Split one checked matrix into spaces by its columns."""
    if isinstance(matrix, LazyMatrix):
        return Spaces(names, [matrix.select_columns(cols) for cols in columns], columns)
    return Spaces(names, [matrix[:, cols] for cols in columns], columns)


def _n_dimensions(entry: Any) -> int:
    depth = 0
    while isinstance(entry, (list, tuple)):
        depth += 1
        entry = entry[0] if len(entry) > 0 else None
    if depth > 0:
        return depth
    if isinstance(entry, np.ndarray) and entry.dtype.kind != "O":  # a list may hold many rows
        return entry.ndim
    if has_two_dimensions(entry) or is_column_of_vectors(entry):
        return 2
    if isinstance(entry, torch.Tensor):  # a nested tensor has no shape
        return entry.dim()
    return len(getattr(entry, "shape", ()))


def _describe(X: Any) -> str:
    shape = getattr(X, "shape", None)
    return f"{type(X).__name__}" + (f" of shape {tuple(shape)}" if shape is not None else "")
