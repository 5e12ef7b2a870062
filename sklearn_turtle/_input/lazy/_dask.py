"""Dask arrays."""

from functools import partial

import numpy as np

from sklearn_turtle._input.lazy._matrix import PiecewiseMatrix


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


def predict_by_blocks(predict, matrices, dtype, n_columns=None):
    """Predict the rows of Dask arrays lazily, block by block.

    Parameters
    ----------
    predict : callable
        ``predict(blocks)`` gives the prediction for one array of rows a space; picklable where
        the blocks are computed by other processes.
    matrices : list of DaskMatrix
        The spaces.
    dtype : numpy dtype
        What is predicted is of this dtype.
    n_columns : int or None, default=None
        Number of columns of what is predicted; None where it is 1-D.

    Returns
    -------
    dask.array.Array of shape (n_samples,) or (n_samples, n_columns)
        In the blocks of rows of the first space.
    """
    import dask.array

    row_chunks = matrices[0].array.chunks[0]
    arrays: list = []
    for k, matrix in enumerate(matrices):
        arrays += [matrix.array.rechunk({0: row_chunks, 1: -1}), ("row", f"feature of {k}")]
    shape = ("row",) if n_columns is None else ("row", "cluster")
    return dask.array.blockwise(
        partial(_predict_blocks, predict, [matrix.dtype for matrix in matrices]),
        shape,
        *arrays,
        new_axes={} if n_columns is None else {"cluster": n_columns},
        concatenate=True,
        dtype=dtype,
        meta=np.empty((0,) * len(shape), dtype=dtype),
    )


def _predict_blocks(predict, dtypes, *blocks):
    return predict(
        [np.asarray(block, dtype=dtype) for block, dtype in zip(blocks, dtypes, strict=True)]
    )
