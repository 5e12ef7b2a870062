"""Dask arrays."""

import numpy as np

from sklearn_turtle._lazy._matrix import PiecewiseMatrix


class DaskMatrix(PiecewiseMatrix):
    """A Dask array, of which rows are computed as they are asked for.

    Parameters
    ----------
    array : dask.array.Array of shape (n_samples, n_features)
        The array; its numbers of rows are known.
    dtype : numpy dtype
        What rows are given as.
    """

    def __init__(self, array, dtype):
        ends = np.cumsum(array.chunks[0])
        starts = ends - array.chunks[0]

        def compute(i):
            return array[starts[i] : ends[i]].compute()

        super().__init__(array.shape, dtype, starts, compute)
        self.array = array

    def take(self, rows):
        # in one graph, whose tasks run side by side
        order = np.argsort(rows, kind="stable")
        out = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        out[order] = self.array[rows[order]].compute()
        return out

    def select_columns(self, columns):
        return DaskMatrix(self.array[:, columns], self.dtype)
