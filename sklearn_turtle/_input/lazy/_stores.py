"""Arrays of Zarr and HDF5 files, which are sliced and chunked alike."""

import numpy as np

from sklearn_turtle._input.lazy._matrix import LazyMatrix, PiecewiseMatrix

# Chunks of more bytes are kept once they are read, so that none is decoded again for the rows
# that follow; smaller ones are read several at a time.
LARGE_CHUNK_BYTES = 1 << 22


def stored_matrix(array, dtype):
    """See a Zarr array or an HDF5 dataset as a matrix that is read as needed.

    Parameters
    ----------
    array : zarr.Array or h5py.Dataset of shape (n_samples, n_features)
        The array.
    dtype : numpy dtype
        What rows are given as.

    Returns
    -------
    LazyMatrix
    """
    n_samples, n_features = array.shape
    chunk_rows = None if array.chunks is None else array.chunks[0]
    if chunk_rows is None or chunk_rows * n_features * dtype.itemsize <= LARGE_CHUNK_BYTES:
        return _StoredMatrix(array, dtype, chunk_rows)
    starts = np.arange(0, n_samples, chunk_rows)

    def read_chunk(i):
        return array[int(starts[i]) : int(starts[i]) + chunk_rows]

    return PiecewiseMatrix(array.shape, dtype, starts, read_chunk)


class _StoredMatrix(LazyMatrix):
    def __init__(self, array, dtype, chunk_rows):
        super().__init__(array.shape, dtype, chunk_rows)
        self._array = array

    def _read(self, start, stop):
        return self._array[int(start) : int(stop)]
