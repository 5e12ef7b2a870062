"""Lazy matrices in the form that the solver reads."""

import numpy as np
import torch

from sklearn_turtle._input._conversion import as_tensor
from sklearn_turtle._input.lazy._matrix import LazyMatrix


class LazyRows:
    """The rows of a LazyMatrix, in place of a tensor of all rows.

    Indexing reads the selected rows as a tensor.

    Parameters
    ----------
    matrix : LazyMatrix
        Matrix in a dtype that torch has.
    """

    device = torch.device("cpu")

    def __init__(self, matrix: LazyMatrix) -> None:
        self._matrix = matrix
        self.shape = matrix.shape
        self.dtype: torch.dtype = torch.from_numpy(np.empty(0, dtype=matrix.dtype)).dtype

    @property
    def nbytes(self) -> int:
        """Size of all rows in bytes."""
        return self.shape[0] * self.shape[1] * self.dtype.itemsize

    def __getitem__(self, rows: slice) -> torch.Tensor:
        return as_tensor(self._matrix.read(rows))

    def index_select(self, dim: int, index: torch.Tensor) -> torch.Tensor:
        """Read rows by a tensor of their indices; ``dim`` is 0, as for tensors."""
        return as_tensor(self._matrix.take(index.numpy()))
