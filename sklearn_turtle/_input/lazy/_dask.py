"""Dask arrays."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from sklearn_turtle._input.lazy._matrix import PiecewiseMatrix


class DaskMatrix(PiecewiseMatrix):
    """A Dask array whose rows are computed when they are needed.

    Parameters
    ----------
    array : dask.array.Array of shape (n_samples, n_features)
        The array; its chunks must have known sizes.
    dtype : numpy dtype
        Dtype of the rows that are read.
    """

    def __init__(self, array: Any, dtype: np.dtype[Any]) -> None:
        ends = np.cumsum(array.chunks[0])
        starts = ends - array.chunks[0]

        def compute(i: int) -> Any:
            return array[starts[i] : ends[i]].compute()

        super().__init__(array.shape, dtype, starts, compute)
        self.array = array

    def take(self, rows: np.ndarray) -> np.ndarray:
        """As :meth:`LazyMatrix.take`, in one graph whose tasks run in parallel."""
        order = np.argsort(rows, kind="stable")
        out = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        out[order] = self.array[rows[order]].compute()
        return out

    def select_columns(self, columns: slice | np.ndarray) -> "DaskMatrix":
        """As :meth:`LazyMatrix.select_columns`; the result is a Dask array too."""
        return DaskMatrix(self.array[:, columns], self.dtype)


def predict_by_blocks(
    predict: Callable[[list[np.ndarray]], np.ndarray],
    matrices: Sequence[DaskMatrix],
    dtype: np.dtype[Any],
    n_columns: int | None = None,
) -> Any:
    """Predict the rows of Dask arrays lazily, block by block.

    Parameters
    ----------
    predict : callable
        ``predict(blocks)`` returns the prediction for a block of rows, from one array per space.
        It must be picklable if other processes compute the blocks.
    matrices : list of DaskMatrix
        The spaces.
    dtype : numpy dtype
        Dtype of the prediction.
    n_columns : int or None, default=None
        Number of columns of the prediction; None if it is 1-D.

    Returns
    -------
    dask.array.Array of shape (n_samples,) or (n_samples, n_columns)
        In the row chunks of the first space.
    """
    import dask.array

    row_chunks = matrices[0].array.chunks[0]
    arrays: list[Any] = []
    for k, matrix in enumerate(matrices):
        arrays += [matrix.array.rechunk({0: row_chunks, 1: -1}), ("row", f"feature of {k}")]
    axes = ("row",) if n_columns is None else ("row", "cluster")
    blockwise: Any = dask.array.blockwise
    return blockwise(
        partial(_predict_blocks, predict, [matrix.dtype for matrix in matrices]),
        axes,
        *arrays,
        new_axes={} if n_columns is None else {"cluster": n_columns},
        concatenate=True,
        dtype=dtype,
        meta=np.empty((0,) * len(axes), dtype=dtype),
    )


def _predict_blocks(
    predict: Callable[[list[np.ndarray]], np.ndarray],
    dtypes: list[np.dtype[Any]],
    *blocks: np.ndarray,
) -> np.ndarray:
    return predict(
        [np.asarray(block, dtype=dtype) for block, dtype in zip(blocks, dtypes, strict=True)]
    )
