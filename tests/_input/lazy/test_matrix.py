import weakref

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._matrix import LazyMatrix, PiecewiseMatrix

X = np.arange(120, dtype=np.float32).reshape(40, 3)
STARTS = np.array([0, 15, 15, 30])  # the second piece is empty


class InMemory(LazyMatrix):
    """Counts how often it is read."""

    def __init__(self, block_rows=None, dtype=X.dtype):
        super().__init__(X.shape, dtype, block_rows)
        self.reads = []

    def _read(self, start, stop):
        self.reads.append((int(start), int(stop)))
        return X[start:stop]


def pieces_of(x, starts=STARTS):
    stops = [*starts[1:], len(x)]
    return PiecewiseMatrix(x.shape, x.dtype, starts, lambda i: x[starts[i] : stops[i]].copy())


MATRICES = [lambda: InMemory(), lambda: InMemory(8), lambda: pieces_of(X)]


@pytest.mark.parametrize("make", MATRICES)
@pytest.mark.parametrize("rows", [[], [39, 0, 17, 17], np.arange(40)[::-1]])
def test_rows_in_any_order(make, rows):
    rows = np.array(rows, dtype=np.intp)
    assert_array_equal(make().take(rows), X[rows])


@pytest.mark.parametrize("make", MATRICES)
@pytest.mark.parametrize("rows", [slice(0, 40), slice(14, 16), slice(20, 21)])
def test_consecutive_rows(make, rows):
    assert_array_equal(make().read(rows), X[rows])


@pytest.mark.parametrize("make", MATRICES)
@pytest.mark.parametrize("columns", [slice(1, 3), np.array([2, 0])])
def test_columns(make, columns):
    selected = make().select_columns(columns)
    rows = np.array([30, 2])
    assert selected.shape == (40, 2)
    assert_array_equal(selected.read(slice(3, 20)), X[3:20, columns])
    assert_array_equal(selected.take(rows), X[rows][:, columns])


def test_each_block_is_read_once():
    matrix = InMemory(block_rows=10)
    matrix.take(np.array([39, 2, 31, 7, 5]))
    assert matrix.reads == [(2, 8), (31, 40)]


def test_rows_are_converted():
    matrix = InMemory(dtype=np.float64)
    assert matrix.read(slice(0, 2)).dtype == np.float64
    assert matrix.take(np.array([1])).dtype == np.float64
    assert np.asarray(matrix, dtype=np.int8).dtype == np.int8


def test_arrays_are_copies():
    matrix = InMemory()
    assert len(matrix) == 40
    assert_array_equal(np.asarray(matrix), X)
    with pytest.raises(ValueError, match="no memory to share"):
        matrix.__array__(copy=False)


def test_the_last_piece_is_kept_and_no_other():
    read, alive = [], []

    def read_piece(i):
        assert all(piece() is None for piece in alive)
        piece = np.ones((10, 3), np.float32)
        read.append(i)
        alive[:] = [weakref.ref(piece)]
        return piece

    matrix = PiecewiseMatrix(X.shape, X.dtype, np.arange(0, 40, 10), read_piece)
    for start in range(0, 40, 5):
        matrix.read(slice(start, start + 5))
    assert read == [0, 1, 2, 3]
