import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, _ = clear_spaces(600)
CHUNKS = [[x[start : start + 200] for x in SPACES] for start in (0, 200, 400)]


@pytest.fixture
def turtle():
    """An estimator after two chunks."""
    return small_turtle().partial_fit(CHUNKS[0]).partial_fit(CHUNKS[1])


def test_invalid_chunks_change_nothing(turtle):
    expected = small_turtle()
    for chunk in CHUNKS:
        expected.partial_fit(chunk)
    bad = [CHUNKS[2][0], CHUNKS[2][1].copy()]
    bad[1][17, 2] = np.nan
    before = dict(vars(turtle))
    with pytest.raises(ValueError, match="NaN: space 'space1', first in row 17"):
        turtle.partial_fit(bad)
    with pytest.raises(ValueError, match="'space0' has 11 features"):
        turtle.partial_fit([CHUNKS[2][0][:, 1:], CHUNKS[2][1]])
    assert vars(turtle) == before
    turtle.partial_fit(CHUNKS[2])
    for coef, expected_coef in zip(turtle.coef_, expected.coef_, strict=True):
        assert_array_equal(coef, expected_coef)


def test_the_number_of_clusters_cannot_change(turtle):
    with pytest.raises(ValueError, match=r"n_clusters=5, but the earlier chunks .* into 4"):
        turtle.set_params(n_clusters=5).partial_fit(CHUNKS[2])
    turtle.set_params(n_clusters=4).partial_fit(CHUNKS[2])


def test_the_number_of_clusters_must_be_given():
    turtle = small_turtle(n_clusters="auto")
    with pytest.raises(ValueError, match="n_clusters='auto' needs all rows at once"):
        turtle.partial_fit(CHUNKS[0])
    assert not hasattr(turtle, "coef_")


def test_a_chosen_number_of_clusters_is_kept(turtle):
    turtle.set_params(n_clusters="auto").partial_fit(CHUNKS[2])
    assert (turtle.n_clusters, turtle.n_clusters_) == ("auto", 4)


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="'gamma' parameter"):
        small_turtle(gamma=-1).partial_fit(CHUNKS[0])


def test_the_first_chunk_needs_one_row_per_cluster(turtle):
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=4"):
        small_turtle().partial_fit([x[:3] for x in SPACES])
    assert turtle.partial_fit([x[:1] for x in SPACES]).labels_.shape == (1,)


def test_names_of_features_are_kept():
    turtle = small_turtle()
    for chunk in CHUNKS:
        turtle.partial_fit(
            {name: pd.DataFrame(x).add_prefix("c") for name, x in zip("ab", chunk, strict=True)}
        )
    assert turtle.feature_names_in_[0] == "a__c0"
    assert turtle.space_names_ == ["a", "b"]


def test_clones_are_not_fitted(turtle):
    assert not [name for name in vars(clone(turtle)) if name.endswith("_")]
