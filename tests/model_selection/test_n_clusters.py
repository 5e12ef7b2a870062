"""The number of clusters, from the agreement of restarts."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle._cli.digits import load_digit_spaces
from sklearn_turtle._fitting import read_problem
from sklearn_turtle._spaces import spaces_of_collection
from sklearn_turtle.metrics import agreement_matrix
from sklearn_turtle.model_selection import select_n_clusters
from sklearn_turtle.model_selection._n_clusters import _agreement, _Projected, without_clusters
from tests.datasets import small_turtle


def blobs(n_clusters, seed=0):
    return make_blobs(400, n_features=16, centers=n_clusters, random_state=seed)[0]


@pytest.mark.parametrize("n_clusters", [2, 4, 7])
def test_finds_the_number_of_blobs(n_clusters):
    selection = select_n_clusters(blobs(n_clusters), range(2, 11), random_state=0)
    assert selection.n_clusters == n_clusters
    assert selection.candidates.tolist() == list(range(2, 11))
    room = np.maximum(1 - selection.null_stability, 0.05)
    adjusted = (selection.stability - selection.null_stability) / room
    np.testing.assert_allclose(selection.adjusted_stability, adjusted)
    assert selection.candidates[adjusted.argmax()] == n_clusters
    assert (selection.standard_error >= 0).all()


def test_searches_by_itself_and_follows_the_seed():
    X = blobs(6)
    first, second = (select_n_clusters(X, random_state=3) for _ in range(2))
    assert first.n_clusters == 6
    assert first.candidates.min() == 2
    assert first.candidates.max() == 40
    assert len(first.candidates) <= 26
    np.testing.assert_array_equal(first.stability, second.stability)


def test_jobs_change_nothing():
    X = blobs(4)
    first, second = (
        select_n_clusters(X, [3, 4, 5], n_jobs=n_jobs, random_state=3) for n_jobs in (None, 2)
    )
    # up to rounding: workers have fewer threads, whose sums are in another order
    np.testing.assert_allclose(first.adjusted_stability, second.adjusted_stability, atol=0.03)


def test_digits():
    spaces, _ = load_digit_spaces()
    selection = select_n_clusters(spaces, [4, 7, 10, 15, 25], random_state=0)
    assert selection.n_clusters == 10


def test_data_without_clusters_has_the_same_covariances():
    rng = np.random.default_rng(0)
    joint = rng.normal(size=(5000, 6)) ** 3 @ rng.normal(size=(6, 6)) + 7
    spaces = spaces_of_collection([joint[:, :4], joint[:, 4:]])
    null = np.hstack(without_clusters(spaces, np.random.RandomState(0)))
    assert null.shape == (4000, 6)
    expected = np.cov(joint.T)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(np.cov(null.T) / scale, expected / scale, atol=0.06)


def test_agreement_is_that_of_the_restarts_of_a_fit():
    X = blobs(4)
    turtle = TurtleClustering(4, n_init=4, polish_iter=0, max_iter=60)
    selection = select_n_clusters(X, [4], estimator=turtle, n_init=4, random_state=0)
    seed = np.random.RandomState(0)
    seed.randint(np.iinfo(np.int32).max)  # the draw of the data without clusters

    class Given(np.random.RandomState):
        def randint(self, *args):
            return seed_of_restarts

    seed_of_restarts = seed.randint(np.iinfo(np.int32).max)
    turtle.set_params(random_state=Given())
    assert selection.stability[0] == pytest.approx(turtle.fit(X).stability_)


def test_standard_error_is_the_jackknife():
    X = blobs(4)
    turtle = small_turtle(n_clusters=6, n_init=6, polish_iter=0, calibrate=False)
    projected = _Projected(read_problem(turtle, X), 256, seed=0)
    mean, error = _agreement(turtle, projected)
    labels = projected.labels_of_restarts(turtle)
    pairs = np.triu_indices(5, 1)
    without = [agreement_matrix(np.delete(labels, r, axis=0))[pairs].mean() for r in range(6)]
    assert mean == pytest.approx(agreement_matrix(labels)[np.triu_indices(6, 1)].mean())
    assert error == pytest.approx(np.sqrt(5 / 6 * np.sum((without - np.mean(without)) ** 2)))


def test_the_estimator_gives_the_spaces_and_is_left_alone():
    X, widths = stack_spaces([blobs(4), blobs(4, seed=1)])
    turtle = small_turtle(n_clusters=3, spaces=widths)
    parameters = turtle.get_params()
    assert select_n_clusters(X, [3, 5], estimator=turtle, random_state=0).n_clusters in (3, 5)
    assert turtle.get_params() == parameters
    assert not hasattr(turtle, "labels_")


def test_verbose_prints_a_line_a_candidate(capsys):
    select_n_clusters(blobs(3), [2, 3], random_state=0, verbose=1)
    assert capsys.readouterr().out.count("\n") == 2


@pytest.mark.parametrize("candidates", [[], [1, 2], [2, 401], [2.5], ["2"]])
def test_candidates_are_checked(candidates):
    with pytest.raises(ValueError, match="candidates"):
        select_n_clusters(blobs(3), candidates)


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="n_init"):
        select_n_clusters(blobs(3), [2], n_init=2)
    with pytest.raises(ValueError, match="estimator"):
        select_n_clusters(blobs(3), [2], estimator="turtle")
