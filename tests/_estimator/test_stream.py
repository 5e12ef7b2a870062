import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle.metrics import clustering_accuracy
from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, Y = clear_spaces(2000)
CHUNKS = [[x[start : start + 200] for x in SPACES] for start in range(0, 2000, 200)]


def streamed(chunks=CHUNKS, **parameters):
    """An estimator after the chunks."""
    turtle = small_turtle(**parameters)
    for chunk in chunks:
        turtle.partial_fit(chunk)
    return turtle


@pytest.fixture(scope="module")
def turtle():
    return streamed(CHUNKS * 6)


@pytest.fixture(scope="module")
def after_ten_chunks():
    return streamed()


def assert_same_model(first, second):
    for a, b in zip(first.coef_, second.coef_, strict=True):
        assert_array_equal(a, b)


def test_a_stream_is_clustered(turtle):
    assert clustering_accuracy(Y, turtle.predict(SPACES)) > 0.95
    assert turtle.stability_ > 0.5
    assert turtle.n_iter_ == 60


def test_attributes_are_those_of_the_last_chunk(turtle):
    assert_array_equal(turtle.labels_, turtle.predict(CHUNKS[-1]))
    assert turtle.loss_curve_.shape == (1,)
    assert turtle.restart_loss_curves_.shape == (1, 8)
    assert turtle.agreement_.shape == (8, 8)
    assert turtle.n_features_in_ == 20


def test_clusters_keep_their_numbers(after_ten_chunks):
    turtle = copy.deepcopy(after_ten_chunks)
    before = turtle.predict(SPACES)
    for chunk in CHUNKS[:5]:
        turtle.partial_fit(chunk)
    assert (turtle.predict(SPACES) == before).mean() > 0.9


def test_the_first_chunk_numbers_clusters_by_size():
    turtle = small_turtle().partial_fit(SPACES)
    assert_array_equal(turtle.labels_, turtle.predict(SPACES))
    assert (np.diff(np.bincount(turtle.labels_)) <= 0).all()


def test_a_large_chunk_gives_several_steps():
    turtle = streamed([SPACES], batch_size=300)
    assert turtle.n_iter_ == 7
    assert turtle.loss_curve_.shape == (7,)


def test_results_follow_the_seed(after_ten_chunks):
    assert_same_model(streamed(), after_ten_chunks)
    other = streamed(random_state=1)
    assert not np.array_equal(other.coef_[0], after_ten_chunks.coef_[0])


@pytest.mark.parametrize(
    "duplicate",
    [copy.deepcopy, lambda turtle: pickle.loads(pickle.dumps(turtle))],
    ids=["deepcopy", "pickle"],
)
def test_copies_continue_in_the_same_way(duplicate):
    turtle = streamed(CHUNKS[:3])
    other = duplicate(turtle)
    for chunk in CHUNKS[3:6]:
        turtle.partial_fit(chunk)
        other.partial_fit(chunk)
    assert_same_model(turtle, other)


def test_the_first_chunk_determines_the_scaling():
    turtle = streamed(CHUNKS[:1])
    first = turtle._stream_
    turtle.partial_fit([5 * x + 3 for x in CHUNKS[1]])
    for k, x in enumerate(CHUNKS[0]):
        assert turtle._stream_["scales"][k] == first["scales"][k]
        np.testing.assert_allclose(first["shifts"][k], x.mean(0), rtol=1e-4, atol=1e-5)


def test_a_fit_continues_as_a_single_restart():
    rows = [x[:600] for x in SPACES]
    turtle = small_turtle().fit(rows)
    before = turtle.labels_
    turtle.set_params(outer_lr=1e-3).partial_fit(CHUNKS[0])
    assert (turtle.predict(rows) == before).mean() > 0.95
    assert turtle.restart_loss_curves_.shape == (1, 1)
    assert not hasattr(turtle.fit(rows), "_stream_")


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_init": 1},
        {"scaling": None, "inner_lr": 0.1},
        {"calibrate": False},
        {"cluster_prior": 0.5},
        {"inner_steps": 3, "inner_start": "warm"},
    ],
)
def test_parameters_of_the_method_take_effect(after_ten_chunks, parameters):
    turtle = streamed(**parameters)
    assert np.isfinite(turtle.coef_[0]).all()
    assert turtle.n_iter_ == 10
    same_labeling = parameters == {"calibrate": False}
    assert np.array_equal(turtle.coef_[0], after_ten_chunks.coef_[0]) == same_labeling
    if same_labeling:
        assert turtle.temperature_ == 1
