import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._stores import stored_matrix
from tests.support.containers import hdf5, hdf5_in_chunks, zarr_array

X = np.random.default_rng(0).normal(size=(500, 12)).astype(np.float32)


class CountingArray:
    """An array in chunks of 200 rows, which counts how often it is read."""

    shape, dtype, chunks = X.shape, X.dtype, (200, 12)

    def __init__(self):
        self.n_reads = 0

    def __getitem__(self, rows):
        self.n_reads += 1
        return X[rows]


def test_a_large_chunk_is_read_once_for_consecutive_rows(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._input.lazy._stores.LARGE_CHUNK_BYTES", 100)
    array = CountingArray()
    matrix = stored_matrix(array, array.dtype)
    parts = [matrix.read(slice(start, start + 50)) for start in range(0, 500, 50)]
    assert_array_equal(np.concatenate(parts), X)
    assert array.n_reads == 3


def test_small_chunks_are_read_together():
    array = CountingArray()
    assert_array_equal(stored_matrix(array, array.dtype).read(slice(0, 500)), X)
    assert array.n_reads == 1


@pytest.mark.parametrize("make", [hdf5, hdf5_in_chunks, zarr_array])
@pytest.mark.parametrize("large", [1, 1 << 22])
def test_stores_with_small_and_large_chunks(make, large, tmp_path, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._input.lazy._stores.LARGE_CHUNK_BYTES", large)
    matrix = stored_matrix(make(X, tmp_path), np.dtype(np.float64))
    rows = np.random.default_rng(0).permutation(500)[:100]
    assert_array_equal(matrix.take(rows), X[rows])
    assert_array_equal(np.asarray(matrix), X)
