import pickle

import dask
import dask.array
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_turtle import stack_spaces
from sklearn_turtle._linear._on_dask import check_reject_below
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(max_iter=20, polish_iter=5).fit(SPACES)


@pytest.fixture
def on_dask():
    return [
        dask.array.from_array(x, chunks=(rows, 5)) for x, rows in zip(SPACES, (70, 50), strict=True)
    ]


def test_predictions_equal_those_of_arrays(turtle, on_dask):
    labels, probabilities = turtle.predict(on_dask), turtle.predict_proba(on_dask)
    for lazy in (labels, probabilities):
        assert isinstance(lazy, dask.array.Array)
        assert lazy.chunks[0] == (70, 70, 70, 30)
    assert labels.dtype == np.int32
    assert probabilities.dtype == np.float32
    assert_array_equal(labels.compute(), turtle.predict(SPACES))
    # products of blocks of other sizes may be rounded differently
    assert_allclose(probabilities.compute(), turtle.predict_proba(SPACES), rtol=1e-5, atol=1e-7)


def test_unlikely_rows_are_rejected(turtle, on_dask):
    rejected = turtle.predict(on_dask, reject_below=0.9).compute()
    assert_array_equal(rejected, turtle.predict(SPACES, reject_below=0.9))
    assert -1 in rejected


def test_nothing_is_computed_in_advance(turtle):
    def fail(block):
        raise AssertionError

    X = [
        dask.array.from_array(x, chunks=(70, -1)).map_blocks(fail, dtype=x.dtype, meta=x[:0])
        for x in SPACES
    ]
    labels = turtle.predict(X)
    with pytest.raises(AssertionError):
        labels.compute()


def test_columns_of_one_array(turtle):
    stacked, _ = stack_spaces(SPACES)
    X = dask.array.from_array(stacked, chunks=(70, -1))
    assert_array_equal(turtle.predict(X).compute(), turtle.predict(SPACES))


def test_tasks_can_be_sent_to_other_processes(turtle, on_dask):
    labels = turtle.predict(on_dask)
    graph = dask.array.optimize(labels.dask, labels.__dask_keys__())
    computed = dask.get(pickle.loads(pickle.dumps(graph)), labels.__dask_keys__())
    assert_array_equal(np.concatenate(computed), turtle.predict(SPACES))


def test_spaces_partly_in_memory(turtle, on_dask):
    assert_array_equal(turtle.predict([on_dask[0], SPACES[1]]), turtle.predict(SPACES))


@pytest.mark.parametrize("reject_below", [-0.1, 1.1, np.nan])
def test_thresholds_are_probabilities(reject_below):
    with pytest.raises(ValueError, match="between 0 and 1"):
        check_reject_below(reject_below)
    for accepted in (None, 0, 0.5, 1.0):
        check_reject_below(accepted)
