"""Lazy matrices as the solver reads them."""

import numpy as np
import torch

from sklearn_turtle._input._device import as_tensor


class LazyRows:
    """Stands for the tensor of all rows of a LazyMatrix; a selection of rows is a tensor.

    Parameters
    ----------
    matrix : LazyMatrix
        Of a dtype that torch knows.
    """

    device = torch.device("cpu")

    def __init__(self, matrix):
        self._matrix = matrix
        self.shape = matrix.shape
        self.dtype = torch.from_numpy(np.empty(0, dtype=matrix.dtype)).dtype

    @property
    def nbytes(self):
        return self.shape[0] * self.shape[1] * self.dtype.itemsize

    def __getitem__(self, rows):
        return as_tensor(self._matrix.read(rows))

    def index_select(self, dim, rows):
        """Rows by a tensor of their numbers; ``dim`` is 0."""
        return as_tensor(self._matrix.take(rows.numpy()))
