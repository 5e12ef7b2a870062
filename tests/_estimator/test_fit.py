import numpy as np
import pytest
from sklearn.base import clone

from sklearn_turtle._estimator._fit import run_fit
from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, _ = clear_spaces()
SHORT = {"max_iter": 20, "polish_iter": 5}


def test_the_estimator_is_fitted():
    turtle = small_turtle(**SHORT)
    run_fit(turtle, SPACES)
    expected = small_turtle(**SHORT).fit(SPACES)
    np.testing.assert_array_equal(turtle.labels_, expected.labels_)
    np.testing.assert_array_equal(turtle.coef_[0], expected.coef_[0])


def test_the_number_of_clusters_may_come_from_a_copy():
    turtle = small_turtle(n_clusters="auto", **SHORT)
    run_fit(turtle, SPACES, with_n_clusters=clone(turtle).set_params(n_clusters=3))
    assert turtle.n_clusters == "auto"
    assert turtle.n_clusters_ == 3


def test_a_failing_fit_changes_nothing():
    turtle = small_turtle(**SHORT).fit(SPACES)
    before = dict(vars(turtle))
    bad = [SPACES[0], SPACES[1].copy()]
    bad[1][3, 2] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        run_fit(turtle, bad)
    assert vars(turtle) == before
