"""Many feature matrices over the same rows: telling them apart and checking them.

The one job of this module is to turn whatever the user passed as ``X`` into named matrices,
one a space, or to say what is wrong with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from sklearn_turtle._input._matrix import check_matrix, to_numpy
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
        Features of each space, views of what was passed wherever that is possible.
    columns : list of (slice or ndarray of int)
        Where the features of each space stand in the columns of the stacked matrix.
    """

    names: list
    matrices: list
    columns: list

    @property
    def n_samples(self):
        return self.matrices[0].shape[0]

    @property
    def widths(self):
        return [matrix.shape[1] for matrix in self.matrices]

    @property
    def float_dtype(self):
        """float64 where a space is of 64-bit numbers, else float32."""
        wide = {"float64", "int32", "int64"}
        kinds = {str(matrix.dtype).removeprefix("torch.") for matrix in self.matrices}
        return np.dtype(np.float64 if kinds & wide else np.float32)

    @property
    def read_as_needed(self):
        """Whether the rows of a space are read from where they lie as they are needed."""
        return any(isinstance(m, LazyMatrix) or is_memory_map(m) for m in self.matrices)

    @property
    def on_dask(self):
        """Whether all spaces are Dask arrays."""
        return all(isinstance(matrix, DaskMatrix) for matrix in self.matrices)

    def only(self, name):
        """The space of that name alone."""
        k = self.names.index(name)
        return Spaces([name], [self.matrices[k]], [self.columns[k]])


def stack_spaces(X):
    """Join the feature matrices of several spaces into one, for scikit-learn's tools.

    Cross-validation, grid search and pipelines split the rows of one 2-D array; a plain list
    of matrices they would split by its entries, that is, by spaces.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space)
        One matrix a space, over the same rows.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features), or a tensor where all spaces are tensors
        The columns of all spaces side by side, in the dtype that holds them all.
    widths : list of int
        Number of columns of each space, to be passed as ``TurtleClustering(spaces=widths)``.

    Raises
    ------
    ValueError
        If ``X`` is not a collection of 2-D matrices or their numbers of rows differ.

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
            "stack_spaces expects a list, tuple or dict of 2-D matrices, one a space; got "
            f"{_describe(X)}."
        )
    spaces = spaces_of_collection(X)
    if all(isinstance(matrix, torch.Tensor) for matrix in spaces.matrices):
        return torch.cat(spaces.matrices, dim=1), spaces.widths
    return np.hstack([to_numpy(matrix) for matrix in spaces.matrices]), spaces.widths


def is_collection_of_spaces(X):
    """Whether ``X`` holds one matrix a space, rather than being one matrix itself."""
    if isinstance(X, Mapping):
        return True
    if not isinstance(X, (list, tuple)) or len(X) == 0:
        return False
    # a list of rows is one matrix, as everywhere in scikit-learn; in a list of spaces every
    # entry has rows that have entries
    return any(_n_dimensions(entry) >= 2 for entry in X)


def spaces_of_collection(X):
    """Check a list, tuple or dict of matrices.

    Returns
    -------
    Spaces
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
                f"{matrix.shape[0]}."
            )
    ends = np.cumsum([matrix.shape[1] for matrix in matrices]).tolist()
    columns = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    return Spaces(names, matrices, columns)


def spaces_of_matrix(matrix, names, columns):
    """Split one checked matrix into spaces by its columns."""
    if isinstance(matrix, LazyMatrix):
        return Spaces(names, [matrix.select_columns(cols) for cols in columns], columns)
    return Spaces(names, [matrix[:, cols] for cols in columns], columns)


def _n_dimensions(entry):
    if has_two_dimensions(entry):
        return 2
    if isinstance(entry, torch.Tensor):  # a nested one has no shape
        return entry.dim()
    if hasattr(entry, "shape"):
        return len(entry.shape)
    depth = 0
    while isinstance(entry, (list, tuple)):
        depth += 1
        entry = entry[0] if len(entry) > 0 else None
    return depth


def _describe(X):
    shape = getattr(X, "shape", None)
    return f"{type(X).__name__}" + (f" of shape {tuple(shape)}" if shape is not None else "")
