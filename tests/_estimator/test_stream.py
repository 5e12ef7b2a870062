"""partial_fit: what goes from chunk to chunk, and what it finds."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from sklearn_turtle.metrics import clustering_accuracy
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, Y = two_spaces(2000)
CHUNKS = [[x[start : start + 200] for x in SPACES] for start in range(0, 2000, 200)]


def streamed(chunks=CHUNKS, **parameters):
    turtle = small_turtle(**parameters)
    for chunk in chunks:
        turtle.partial_fit(chunk)
    return turtle


@pytest.fixture(scope="module")
def turtle():
    return streamed(CHUNKS * 6)


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


def test_clusters_keep_their_numbers():
    turtle = streamed()
    before = turtle.predict(SPACES)
    for chunk in CHUNKS[:5]:
        turtle.partial_fit(chunk)
    assert (turtle.predict(SPACES) == before).mean() > 0.9


def test_the_first_chunk_numbers_by_size():
    turtle = small_turtle().partial_fit(SPACES)
    assert_array_equal(turtle.labels_, turtle.predict(SPACES))
    assert (np.diff(np.bincount(turtle.labels_)) <= 0).all()


def test_a_large_chunk_is_several_steps():
    turtle = streamed([SPACES], batch_size=300)
    assert turtle.n_iter_ == 7
    assert turtle.loss_curve_.shape == (7,)


def test_a_seed_stands_for_one_result():
    for of_one, of_other in zip(streamed().coef_, streamed().coef_, strict=True):
        assert_array_equal(of_one, of_other)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_a_copy_goes_on_as_the_original(duplicate):
    turtle = streamed(CHUNKS[:3])
    other = duplicate(turtle)
    for chunk in CHUNKS[3:6]:
        turtle.partial_fit(chunk)
        other.partial_fit(chunk)
    for of_one, of_other in zip(turtle.coef_, other.coef_, strict=True):
        assert_array_equal(of_one, of_other)


def test_scaling_is_that_of_the_first_chunk():
    turtle = streamed(CHUNKS[:1])
    first = turtle._stream_.standardizations
    turtle.partial_fit([5 * x + 3 for x in CHUNKS[1]])
    for k, x in enumerate(CHUNKS[0]):
        assert turtle._stream_.standardizations[k].scale == first[k].scale
        np.testing.assert_allclose(first[k].shift, x.mean(0), rtol=1e-5)


def test_goes_on_from_a_fit():
    turtle = small_turtle().fit(SPACES)
    before = turtle.labels_
    turtle.partial_fit(CHUNKS[0])
    assert (turtle.predict(SPACES) == before).mean() > 0.95
    assert turtle.restart_loss_curves_.shape == (1, 1)
    assert not hasattr(turtle.fit(SPACES), "_stream_")


def test_a_chunk_that_is_refused_changes_nothing():
    turtle = streamed(CHUNKS[:2])
    expected = streamed(CHUNKS[:3])
    bad = [CHUNKS[2][0], CHUNKS[2][1].copy()]
    bad[1][17, 2] = np.nan
    state = dict(vars(turtle))
    with pytest.raises(ValueError, match="NaN: space 'space1', first in row 17"):
        turtle.partial_fit(bad)
    with pytest.raises(ValueError, match="'space0' has 11 features"):
        turtle.partial_fit([CHUNKS[2][0][:, 1:], CHUNKS[2][1]])
    with pytest.raises(ValueError, match="n_clusters=5, but the chunks before"):
        turtle.set_params(n_clusters=5).partial_fit(CHUNKS[2])
    turtle.set_params(n_clusters=4)
    assert vars(turtle) == state
    turtle.partial_fit(CHUNKS[2])
    for of_one, of_other in zip(turtle.coef_, expected.coef_, strict=True):
        assert_array_equal(of_one, of_other)


def test_the_first_chunk_needs_a_row_a_cluster():
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=4"):
        small_turtle().partial_fit([x[:3] for x in SPACES])
    turtle = streamed(CHUNKS[:1])
    assert turtle.partial_fit([x[:1] for x in SPACES]).labels_.shape == (1,)


def test_names_of_features_are_kept():
    frames = [
        {name: pd.DataFrame(x).add_prefix("c") for name, x in zip("ab", chunk, strict=True)}
        for chunk in CHUNKS[:2]
    ]
    turtle = streamed(frames)
    assert turtle.feature_names_in_[0] == "a__c0"
    assert turtle.space_names_ == ["a", "b"]
    assert not hasattr(clone(turtle), "coef_")


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
def test_parameters_of_the_method_have_their_effect(parameters):
    turtle = streamed(CHUNKS * 2, **parameters)
    assert np.isfinite(turtle.coef_[0]).all()
    assert turtle.n_iter_ == 20
    default = streamed(CHUNKS * 2)
    same_model = parameters == {"calibrate": False}
    assert np.array_equal(turtle.coef_[0], default.coef_[0]) == same_model
