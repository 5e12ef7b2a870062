"""The number of clusters, from how far labelings agree and classifiers generalize."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle._estimator.n_clusters import _halves
from sklearn_turtle._estimator.n_clusters._null import without_clusters
from sklearn_turtle._input._spaces import spaces_of_collection
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.exploration import merge_clusters, split_cluster
from sklearn_turtle.model_selection import NClustersSelection, TurtleSearch, select_n_clusters
from tests.support.two_spaces import small_turtle, two_spaces


def blobs(n_clusters, seed=0):
    return make_blobs(400, n_features=16, centers=n_clusters, random_state=seed)[0]


@pytest.mark.parametrize("n_clusters", [2, 4, 7])
def test_finds_the_number_of_blobs(n_clusters):
    selection = select_n_clusters(blobs(n_clusters), range(2, 11), random_state=0)
    assert selection.n_clusters == n_clusters
    assert selection.candidates.tolist() == list(range(2, 11))
    for error in (selection.stability_error, selection.gain_error):
        assert (error >= 0).all()
    for share in (selection.accuracy, selection.null_accuracy):
        assert ((share > 0) & (share <= 1)).all()
    assert (selection.entropy > 0).all()
    assert (selection.entropy <= np.log(selection.candidates) + 1e-9).all()


def test_searches_by_itself_and_follows_the_seed():
    X = blobs(6)
    first = select_n_clusters(X, random_state=3)
    assert first.n_clusters == 6
    assert first.candidates.min() == 2
    assert first.candidates.max() == 40
    assert len(first.candidates) <= 30
    # a number is measured on the same halves whatever others are
    again = select_n_clusters(X, first.candidates[3:6], random_state=3)
    np.testing.assert_array_equal(again.stability, first.stability[3:6])


def test_jobs_change_nothing():
    X = blobs(4)
    first, second = (
        select_n_clusters(X, [3, 4, 5], n_jobs=n_jobs, random_state=3) for n_jobs in (None, 2)
    )
    # up to rounding: workers have fewer threads, whose sums are in another order
    np.testing.assert_allclose(first.stability, second.stability, atol=0.03)
    np.testing.assert_allclose(first.accuracy, second.accuracy, atol=0.03)


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


def halves_seen(candidates, monkeypatch):
    """For each number of clusters, pairs of the rows that labelings of it saw, in this order."""
    seen = {}
    found_by = _halves.search_labelings

    def search_labelings(spaces, rows, candidate, draws):
        assert candidate.search.n_restarts == 4
        seen.setdefault(candidate.search.n_clusters, []).append(rows)
        return found_by(spaces, rows, candidate, draws)

    monkeypatch.setattr(_halves, "search_labelings", search_labelings)
    turtle = TurtleClustering(max_iter=20, polish_iter=2)
    select_n_clusters(blobs(4)[:301], candidates, estimator=turtle, random_state=0)
    return {k: list(zip(rows[::2], rows[1::2], strict=True)) for k, rows in seen.items()}


def test_labelings_see_halves_of_the_rows(monkeypatch):
    seen = halves_seen([90, 100], monkeypatch)
    for halves in seen.values():
        assert len(halves) == 3  # two of the data, and one of the data without clusters
        for half in halves:
            np.testing.assert_array_equal(torch.cat(half).sort().values, np.arange(301))
            assert len(half[0]) == 151
            assert (half[0].diff() > 0).all()
        assert not torch.equal(halves[0][0], halves[1][0])
    # all numbers are measured on the same halves
    for of_one, of_other in zip(seen[90], seen[100], strict=True):
        assert torch.equal(of_one[0], of_other[0])


def test_numbers_that_may_be_the_best_are_measured_on_more_splits(monkeypatch):
    seen = halves_seen([4, 60], monkeypatch)
    assert len(seen[60]) == 2 + 1
    assert len(seen[4]) == 2 + 1 + 6 + 1
    assert len({tuple(half[0].tolist()) for half in seen[4][:2] + seen[4][3:9]}) == 8


def test_of_clusters_that_all_labelings_find_the_entropy_is_that_of_their_shares():
    X = make_blobs([200, 100, 100], n_features=16, random_state=0)[0]
    selection = select_n_clusters(X, [3], random_state=0)
    assert selection.stability[0] == 1
    assert selection.entropy[0] == pytest.approx(np.log(2) / 2 + np.log(4) / 2)


def test_the_estimator_gives_the_spaces_and_is_left_alone():
    X, widths = stack_spaces([blobs(4), blobs(4, seed=1)])
    turtle = small_turtle(n_clusters=3, spaces=widths)
    parameters = turtle.get_params()
    assert select_n_clusters(X, [3, 5], estimator=turtle, random_state=0).n_clusters in (3, 5)
    assert turtle.get_params() == parameters
    assert not hasattr(turtle, "labels_")


def test_verbose_prints_a_line_a_measurement(capsys):
    select_n_clusters(blobs(3), [3, 90], random_state=0, verbose=1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0].removeprefix("[select_n_clusters] ") for line in lines] == [
        "3 clusters, 2 splits",
        "90 clusters, 2 splits",
        "3 clusters, 6 splits",
    ]


@pytest.mark.parametrize("candidates", [[], [1, 2], [2, 401], [2.5], ["2"]])
def test_candidates_are_checked(candidates):
    with pytest.raises(ValueError, match="candidates"):
        select_n_clusters(blobs(3), candidates)


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="n_init"):
        select_n_clusters(blobs(3), [2], n_init=0)
    with pytest.raises(ValueError, match="estimator"):
        select_n_clusters(blobs(3), [2], estimator="turtle")


def test_score_weighs_entropy_stability_and_gain():
    selection = NClustersSelection(
        candidates=np.array([2, 3, 10, 20]),
        stability=np.array([0.9, 0.8, 0.5, -0.1]),
        stability_error=np.array([0.0, 0.04, 0.05, 0.01]),
        entropy=np.array([0.7, 0.9, 2.0, 3.0]),
        accuracy=np.array([0.95, 0.98, 0.9, 0.5]),
        null_accuracy=np.array([0.96, 0.96, 0.8, 0.4]),
        gain_error=np.array([0.1, 0.0, 0.04, 0.0]),
    )
    # classifiers do no better than without clusters; a half of the errors is left; labelings
    # agree no better than by chance
    np.testing.assert_allclose(selection.gain, [0, 0.5, 0.5, 1 / 6])
    score = [0, 0.9**0.5 * 0.4**2, 2**0.5 * 0.25**2, 0]
    np.testing.assert_allclose(selection.score, score)
    # to first order, by the rule for errors of products
    of_both = 0.25 * np.hypot(0.05 / 0.5, 0.04 / 0.5)
    error = [0, 0.9**0.5 * 2 * 0.4 * (0.04 * 0.5), 2**0.5 * 2 * 0.25 * of_both, 0]
    np.testing.assert_allclose(selection.score_error, error)
    assert selection.n_clusters == 3


def test_errors_that_nobody_makes_are_no_gain():
    ones = np.ones(2)
    selection = NClustersSelection(np.array([2, 4]), ones, 0 * ones, ones, ones, ones, 0 * ones)
    np.testing.assert_array_equal(selection.score, 0)
    np.testing.assert_array_equal(selection.score_error, 0)
    assert selection.peaks == [2]


def selection_of(candidates, score, error):
    """A selection with such scores and the same standard error of all that are not 0."""
    ones = np.ones(len(candidates))
    stability = np.sqrt(score)
    stability_error = error / (2 * np.maximum(stability, 0.1))
    selection = NClustersSelection(
        np.array(candidates), stability, stability_error, ones, ones, 0 * ones, 0 * ones
    )
    np.testing.assert_allclose(selection.score, score)
    np.testing.assert_allclose(selection.score_error, np.where(np.array(score) > 0, error, 0))
    return selection


def test_peaks_are_the_scales_at_which_data_may_be_divided():
    curve = [0.1, 0.9, 0.3, 0.4, 0.7, 0.6]
    assert selection_of([2, 5, 8, 12, 20, 30], curve, 0.01).peaks == [5, 20]
    assert selection_of([2, 5, 8, 12, 20, 30], curve, 0.25).peaks == [5]
    assert selection_of([2, 5, 8], [0.7, 0.3, 0.9], 0.1).peaks == [8, 2]
    assert selection_of([2, 5, 8], np.zeros(3), 0.1).peaks == [2]
    assert selection_of([7], [0.5], 0.0).peaks == [7]


def test_of_scores_that_hardly_differ_the_smallest_number_is_chosen():
    selection = selection_of([2, 5, 8, 12, 20], [0.1, 0.892, 0.9, 0.888, 0.895], 0.0)
    assert selection.n_clusters == 5
    assert selection.peaks == [5]


@pytest.mark.filterwarnings("ignore:.* clusters are empty:sklearn.exceptions.ConvergenceWarning")
def test_clusters_of_very_unequal_sizes_are_not_taken_for_a_few_large_groups():
    rng = np.random.default_rng(0)
    sizes = [700, 500, *[60] * 10]
    y = np.repeat(np.arange(12), sizes)
    X = 1.5 * rng.normal(size=(12, 40))[y] + rng.normal(size=(len(y), 40))
    selection = select_n_clusters(X, [2, 3, 4, 6, 9, 12, 16, 24], random_state=0)
    labels = TurtleClustering(selection.n_clusters, random_state=0).fit_predict(X)
    assert adjusted_rand_score(y, labels) > 0.9


@pytest.mark.filterwarnings("ignore:.* clusters are empty:sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("seed", [0, 1])
def test_finds_clusters_in_two_spaces_of_few_features(seed):
    spaces, y = two_spaces(n_samples=1000, seed=seed)
    selection = select_n_clusters(spaces, [2, 3, 4, 6, 9], random_state=0)
    labels = TurtleClustering(selection.n_clusters, random_state=0).fit_predict(spaces)
    assert adjusted_rand_score(y, labels) > 0.95


def test_groups_of_clusters_are_a_peak_as_well_as_the_clusters():
    rng = np.random.default_rng(0)
    groups = 3 * rng.normal(size=(3, 1, 1, 20))
    clusters = groups + 2 * rng.normal(size=(3, 4, 1, 20))
    X = (clusters + rng.normal(size=(3, 4, 50, 20))).reshape(-1, 20)
    coarse, fine = sorted(select_n_clusters(X, [2, 3, 4, 6, 9, 12, 15], random_state=0).peaks[:2])
    assert coarse == 3
    # of a few more than there are, some may be left empty
    assert fine in (12, 15)


@pytest.fixture(scope="module")
def automatic():
    return TurtleClustering("auto", n_init=8, random_state=0).fit(blobs(6))


def test_estimator_chooses_for_itself(automatic):
    assert automatic.n_clusters == "auto"
    assert automatic.n_clusters_ == 6
    by_number = TurtleClustering(6, n_init=8, random_state=0).fit(blobs(6))
    np.testing.assert_array_equal(automatic.labels_, by_number.labels_)
    np.testing.assert_array_equal(automatic.coef_[0], by_number.coef_[0])


def test_estimator_finds_the_number_of_digits():
    spaces, _ = load_digit_spaces()
    few = {name: space[:300] for name, space in spaces.items()}
    assert TurtleClustering("auto", random_state=0).fit(few).n_clusters_ == 10


def test_number_that_was_chosen_is_used_and_saved(automatic, tmp_path):
    assert clone(automatic).n_clusters == "auto"
    merged = merge_clusters(automatic, [0, 3])
    assert merged.n_clusters == 5
    with pytest.raises(ValueError, match="one of the clusters, 0 to 5"):
        split_cluster(automatic, blobs(6), 6)
    automatic.save(tmp_path / "model.safetensors")
    loaded = TurtleClustering.load(tmp_path / "model.safetensors")
    assert (loaded.n_clusters, loaded.n_clusters_) == ("auto", 6)
    streamed = deepcopy(automatic).partial_fit(blobs(6))
    assert streamed.n_clusters_ == 6
    np.testing.assert_array_equal(streamed.predict(blobs(6)), automatic.labels_)


def test_number_has_to_be_given_where_it_cannot_be_chosen(tmp_path):
    turtle = TurtleClustering("auto", random_state=0)
    with pytest.raises(ValueError, match="n_clusters='auto' needs all rows"):
        turtle.partial_fit(blobs(3))
    with pytest.raises(ValueError, match="without a checkpoint"):
        turtle.fit(blobs(3), checkpoint=tmp_path / "checkpoint")
    with pytest.raises(ValueError, match="n_clusters='auto' cannot be searched with"):
        TurtleSearch(turtle, {"gamma": [1.0, 10.0]}).fit(blobs(3))
    assert not hasattr(turtle, "n_clusters_")


@pytest.mark.parametrize("n_samples", [2, 5])
def test_few_samples_have_few_clusters(n_samples):
    assert select_n_clusters(blobs(3)[:n_samples], random_state=0).candidates.max() <= n_samples
