"""Choosing the number of clusters without labels."""

import numpy as np
import pytest

from sklearn_turtle import stack_spaces
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.model_selection import select_n_clusters
from tests.support.choices import quick_turtle, separated_blobs
from tests.support.two_spaces import two_spaces


@pytest.mark.parametrize("n_clusters", [2, 4, 6])
def test_finds_the_number_of_blobs(n_clusters):
    candidates = [2, 4, 6, 9]
    X = separated_blobs(n_clusters)
    selection = select_n_clusters(X, candidates, estimator=quick_turtle(), random_state=0)
    assert selection.n_clusters == n_clusters
    assert selection.candidates.tolist() == candidates
    for error in (selection.stability_error, selection.gain_error):
        assert (error >= 0).all()
    for share in (selection.accuracy, selection.null_accuracy):
        assert ((share > 0) & (share <= 1)).all()
    assert (selection.entropy > 0).all()
    assert (selection.entropy <= np.log(candidates) + 1e-9).all()


def test_default_settings():
    assert select_n_clusters(separated_blobs(4), [3, 4], random_state=0).n_clusters == 4


def test_finds_the_number_of_digits():
    spaces, _ = load_digit_spaces()
    few = {name: space[:600] for name, space in spaces.items()}
    turtle = quick_turtle(max_iter=60, n_components=24)
    assert select_n_clusters(few, [5, 10, 20], estimator=turtle, random_state=0).n_clusters == 10


@pytest.mark.filterwarnings("ignore:.* clusters are empty:sklearn.exceptions.ConvergenceWarning")
def test_clusters_of_very_unequal_sizes_are_not_taken_for_a_few_large_groups():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(8), [200, 150, *[25] * 6])
    X = 2.5 * rng.normal(size=(8, 16))[y] + rng.normal(size=(len(y), 16))
    turtle = quick_turtle(max_iter=50, polish_iter=20)
    assert select_n_clusters(X, [2, 3, 8], estimator=turtle, random_state=0).n_clusters == 8


@pytest.mark.parametrize("seed", [0, 1])
def test_finds_clusters_in_two_spaces_of_few_features(seed):
    spaces, _ = two_spaces(n_samples=200, seed=seed)
    turtle = quick_turtle(max_iter=60, polish_iter=20)
    assert select_n_clusters(spaces, [2, 4], estimator=turtle, random_state=0).n_clusters == 4


def test_groups_of_clusters_are_a_peak_as_well_as_the_clusters():
    rng = np.random.default_rng(0)
    directions = np.eye(15)
    groups = 20 * np.repeat(directions[:3], 4, axis=0)
    clusters = groups + 12 * directions[3:]
    X = np.repeat(clusters, 12, axis=0) + rng.normal(size=(144, 15))
    selection = select_n_clusters(
        X,
        [2, 3, 7, 12],
        estimator=quick_turtle(max_iter=60, cluster_prior="uniform"),
        n_init=12,
        random_state=0,
    )
    assert sorted(selection.peaks) == [3, 12]


def test_jobs_change_nothing():
    X = separated_blobs(4)
    first, second = (
        select_n_clusters(X, [3, 4], estimator=quick_turtle(), n_jobs=n_jobs, random_state=3)
        for n_jobs in (None, 2)
    )
    # up to rounding: workers have fewer threads, which sum in another order
    np.testing.assert_allclose(first.stability, second.stability, atol=0.03)
    np.testing.assert_allclose(first.accuracy, second.accuracy, atol=0.03)


def test_the_estimator_gives_the_spaces_and_is_not_changed():
    X, widths = stack_spaces([separated_blobs(4), separated_blobs(4, seed=1)])
    turtle = quick_turtle(n_clusters=3, spaces=widths)
    parameters = turtle.get_params()
    assert select_n_clusters(X, [2, 4], estimator=turtle, random_state=0).n_clusters == 4
    assert turtle.get_params() == parameters
    assert not hasattr(turtle, "labels_")


def test_verbose_prints_one_line_per_measurement(capsys):
    select_n_clusters(
        separated_blobs(3), [3, 60], estimator=quick_turtle(), random_state=0, verbose=1
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0].removeprefix("[select_n_clusters] ") for line in lines] == [
        "3 clusters, 2 splits",
        "60 clusters, 2 splits",
        "3 clusters, 6 splits",
    ]


@pytest.mark.parametrize("candidates", [[], [1, 2], [2, 121], [2.5], ["2"]])
def test_candidates_are_checked(candidates):
    with pytest.raises(ValueError, match="candidates must be integers from 2 to 120"):
        select_n_clusters(separated_blobs(3), candidates)


def test_candidates_are_at_most_4000():
    with pytest.raises(ValueError, match="integers from 2 to 4000, for 4500 samples"):
        select_n_clusters(np.eye(4500, 2), [4001])


def test_parameters_are_checked():
    X = separated_blobs(3)
    with pytest.raises(ValueError, match="n_init"):
        select_n_clusters(X, [2], n_init=0)
    with pytest.raises(ValueError, match="estimator"):
        select_n_clusters(X, [2], estimator="turtle")
    turtle = quick_turtle(cluster_prior=[0.5, 0.5])
    with pytest.raises(ValueError, match="cluster_prior must be 'auto', 'uniform' or a number"):
        select_n_clusters(X, [2], estimator=turtle)
