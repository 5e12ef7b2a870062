import dask.array
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._dask import DaskMatrix, predict_by_blocks

X = np.random.default_rng(0).normal(size=(50, 6))


def on_dask(x, chunks=(20, 4)):
    return DaskMatrix(dask.array.from_array(x, chunks=chunks), np.dtype(np.float32))


def test_rows_are_computed_in_any_order():
    rows = np.array([49, 3, 3, 20, 19])
    matrix = on_dask(X)
    assert_array_equal(matrix.take(rows), X[rows].astype(np.float32))
    assert_array_equal(matrix.read(slice(15, 45)), X[15:45].astype(np.float32))


@pytest.mark.parametrize("columns", [slice(1, 3), np.array([5, 0])])
def test_columns_are_a_dask_array(columns):
    selected = on_dask(X).select_columns(columns)
    assert isinstance(selected, DaskMatrix)
    assert_array_equal(np.asarray(selected), X[:, columns].astype(np.float32))


@pytest.mark.parametrize("n_columns", [None, 2])
def test_blocks_of_all_spaces_meet(n_columns):
    a, b = on_dask(X), on_dask(-2 * X, (7, -1))

    def predict(blocks):
        sums = blocks[0].sum(1) + blocks[1].sum(1)
        return sums if n_columns is None else np.column_stack([sums, sums])

    predicted = predict_by_blocks(predict, [a, b], np.dtype(np.float32), n_columns)
    assert predicted.chunks[0] == (20, 20, 10)
    expected = predict([np.asarray(a), np.asarray(b)])
    assert predicted.dtype == expected.dtype
    np.testing.assert_allclose(predicted.compute(), expected, rtol=1e-5)
