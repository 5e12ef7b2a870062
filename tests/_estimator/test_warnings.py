import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle._estimator._warnings import LOW_STABILITY, warn_of_doubt, warn_of_spaces
from sklearn_turtle._solver import SpaceWeights
from tests.support.two_spaces import small_turtle


def fitted(labels, stability, n_clusters=3):
    """An estimator with the given attributes of a fit."""
    turtle = small_turtle(n_clusters="auto")
    turtle.labels_, turtle.stability_ = np.array(labels), stability
    turtle.intercept_ = [np.zeros(n_clusters)]
    return turtle


@pytest.mark.parametrize("stability", [0.3, 1.0, np.nan])
def test_no_doubt(stability):
    warn_of_doubt(fitted([0, 0, 1, 2], stability))  # a warning would be an error


def test_empty_clusters_are_counted():
    with pytest.warns(ConvergenceWarning, match="2 of 3 clusters are empty"):
        warn_of_doubt(fitted([0, 0], 1.0))


def test_the_sizes_may_be_given():
    with pytest.warns(ConvergenceWarning, match="1 of 3 clusters are empty"):
        warn_of_doubt(fitted([0, 0], 1.0), np.array([2, 1, 0]))
    warn_of_doubt(fitted([0, 0], 1.0), np.array([2, 1, 1]))


@pytest.mark.parametrize(
    ("cluster_prior", "sizes", "message"),
    [
        ("uniform", [44, 8, 8], "in 3 of 3 clusters: .* rank 1 has 44 rows instead of 20"),
        ([100, 1, 1], [34, 34, 34], "rank 2 has 34 rows instead of 1"),
        (1.0, [22, 22, 22], "in 1 of 3 clusters: the cluster of rank 3 has 22 rows instead of 12"),
    ],
    ids=["uniform", "array", "power"],
)
def test_stated_sizes_that_are_missed(cluster_prior, sizes, message):
    turtle = fitted([0, 1, 2], 1.0).set_params(cluster_prior=cluster_prior)
    with pytest.warns(UserWarning, match=message):
        warn_of_doubt(turtle, np.array(sizes))


@pytest.mark.parametrize("cluster_prior", ["auto", "uniform", [3, 1, 1]], ids=str)
def test_stated_sizes_that_are_nearly_met(cluster_prior):
    turtle = fitted([0, 1, 2], 1.0).set_params(cluster_prior=cluster_prior)
    warn_of_doubt(turtle, np.array([25, 12, 15]))


def test_some_of_many_equal_clusters_may_differ():
    turtle = fitted([0], 1.0).set_params(cluster_prior="uniform")
    warn_of_doubt(turtle, np.array([50, *[20] * 8, 4]))
    with pytest.warns(UserWarning, match="in 3 of 10 clusters"):
        warn_of_doubt(turtle, np.array([50, 50, *[20] * 7, 4]))


def test_few_rows_more_or_less_are_no_miss():
    warn_of_doubt(fitted([0], 1.0).set_params(cluster_prior=[20, 2, 2]), np.array([15, 6, 3]))


def test_restarts_that_disagree():
    with pytest.warns(UserWarning, match=r"hardly agree \(stability_=0\.29\)"):
        warn_of_doubt(fitted([0, 1, 2], 0.29))


def test_restarts_of_one_cluster_always_agree():
    warn_of_doubt(fitted([0, 0, 0], 0.29, n_clusters=1))


def test_warnings_point_to_the_caller_of_fit():
    X = np.repeat(np.eye(3), 10, axis=0)  # three distinct rows cannot fill six clusters
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        small_turtle(n_clusters=6, max_iter=20, polish_iter=5).fit(X)
    assert ConvergenceWarning in {warning.category for warning in caught}
    assert {warning.filename for warning in caught} == {__file__}


def test_restarts_disagree_on_noise():
    noise = np.random.default_rng(0).normal(size=(1500, 64))
    turtle = small_turtle(n_clusters=10, cluster_prior="uniform", max_iter=50, polish_iter=5)
    with pytest.warns(UserWarning, match="hardly agree"):
        turtle.fit(noise)
    assert turtle.stability_ < LOW_STABILITY


def test_a_space_that_contradicts_the_others():
    found = SpaceWeights([0.5, 0.499, 0.001], [0.4, 0.4, 0.001])
    with pytest.warns(UserWarning, match=r"Space 'c' contradicts .* weight is 0\.001"):
        warn_of_spaces(["a", "b", "c"], found, stacklevel=1)


def test_of_two_spaces_the_one_of_less_weight_is_named():
    with pytest.warns(UserWarning, match="Space 'b' contradicts") as caught:
        warn_of_spaces(["a", "b"], SpaceWeights([0.9, 0.1], [0.0, 0.0]), stacklevel=1)
    assert len(caught) == 1


@pytest.mark.parametrize("correlations", [None, [0.1, 0.1]], ids=["given", "related"])
def test_no_space_contradicts(correlations):
    warn_of_spaces(["a", "b"], SpaceWeights([0.9, 0.1], correlations), stacklevel=1)


def test_shuffled_rows_are_found_in_a_fit():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(3), 60)
    first, second = (rng.normal(size=(3, 12))[y] * 4 + rng.normal(size=(180, 12)) for _ in "ab")
    spaces = {"first": first, "second": second, "other": rng.permutation(first)}
    with pytest.warns(UserWarning, match="Space 'other' contradicts") as caught:
        turtle = small_turtle(n_clusters=3, n_neighbors=10).fit(spaces)
    assert turtle.space_weights_[2] < 0.02
    assert caught[0].filename == __file__
