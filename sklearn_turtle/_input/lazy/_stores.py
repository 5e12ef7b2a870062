"""Zarr arrays and HDF5 datasets, which are indexed in the same way."""

from typing import Any

import numpy as np

from sklearn_turtle._input.lazy._matrix import LazyMatrix, PiecewiseMatrix

# A chunk of more bytes is kept after it is read, so that it is not decoded again for the next
# rows. Smaller chunks are read several at a time.
LARGE_CHUNK_BYTES = 1 << 22


def stored_matrix(array: Any, dtype: np.dtype[Any]) -> LazyMatrix:
    """View a Zarr array or an HDF5 dataset as a LazyMatrix.

    Parameters
    ----------
    array : zarr.Array or h5py.Dataset of shape (n_samples, n_features)
        The array.
    dtype : numpy dtype
        Dtype of the rows that are read.

    Returns
    -------
    LazyMatrix
    """
    n_samples, n_features = array.shape
    chunk_rows = None if array.chunks is None else array.chunks[0]
    if chunk_rows is None or chunk_rows * n_features * dtype.itemsize <= LARGE_CHUNK_BYTES:
        return _StoredMatrix(array, dtype, chunk_rows)
    starts = np.arange(0, n_samples, chunk_rows)

    def read_chunk(i: int) -> Any:
        return array[int(starts[i]) : int(starts[i]) + chunk_rows]

    return PiecewiseMatrix(array.shape, dtype, starts, read_chunk)


class _StoredMatrix(LazyMatrix):
    def __init__(self, array: Any, dtype: np.dtype[Any], chunk_rows: int | None) -> None:
        super().__init__(array.shape, dtype, chunk_rows)
        self._array = array

    def _read(self, start: int, stop: int) -> np.ndarray:
        rows: np.ndarray = self._array[int(start) : int(stop)]
        return rows
