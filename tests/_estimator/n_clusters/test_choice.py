"""The numbers of clusters that are tried, and the number that an estimator chooses."""

from copy import deepcopy

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_turtle import TurtleClustering
from sklearn_turtle._estimator.n_clusters import _choice, choose_n_clusters, with_n_clusters
from sklearn_turtle._estimator.n_clusters._curve import Measurement
from sklearn_turtle._estimator.n_clusters._halves import HalvesMeasurement
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.exploration import merge_clusters, split_cluster
from tests.support.choices import quick_turtle, separated_blobs


@pytest.fixture
def measured(monkeypatch):
    """Measurements of labelings that agree by ``agreement``, without any labelings.

    Lists the estimator and the splits of each measurement.
    """

    class Measured(list):
        def agreement(self, n_clusters):
            return 0.5

        def measure(self, estimator, data, null, splits, verbose):
            self.append((estimator, splits))
            n = len(splits)
            accuracy = np.ones((n, 2))
            found = HalvesMeasurement(
                np.full(n, self.agreement(estimator.n_clusters)), np.ones((n, 2)), accuracy
            )
            return Measurement(
                found, HalvesMeasurement(np.zeros(1), np.ones((1, 2)), 0 * accuracy[:1])
            )

    measured = Measured()
    monkeypatch.setattr(_choice, "measure", measured.measure)
    return measured


@pytest.mark.parametrize("best", [2, 9, 83, 137, 300])
def test_numbers_are_tried_ever_closer_to_the_best(measured, best):
    measured.agreement = lambda n_clusters: np.exp(-abs(np.log(n_clusters / best)))
    selection = choose_n_clusters(np.eye(3000, 2), quick_turtle())
    assert selection.candidates.min() == 2
    assert selection.candidates.max() == 300
    assert selection.n_clusters == pytest.approx(best, rel=0.03)
    assert 20 <= len(selection.candidates) <= 30


def test_the_range_ends_at_a_tenth_of_the_samples(measured):
    assert choose_n_clusters(np.eye(200, 2), quick_turtle()).candidates.max() == 20


def test_leading_numbers_are_measured_on_more_splits(measured):
    measured.agreement = lambda n_clusters: 0.8 if n_clusters == 8 else 1.0
    choose_n_clusters(np.eye(100, 2), quick_turtle(n_init=4), [4, 8, 30, 40, 60])
    splits_of = {}
    for estimator, splits in measured:
        assert estimator.n_init == 4
        splits_of.setdefault(estimator.n_clusters, []).extend(splits)
    n_splits = {n_clusters: len(splits) for n_clusters, splits in splits_of.items()}
    assert n_splits == {4: 8, 8: 2, 30: 6, 40: 4, 60: 2}
    assert all(splits == list(range(len(splits))) for splits in splits_of.values())


@pytest.mark.parametrize(
    ("given", "expected"), [("auto", {2: 1000, 120: 1200}), (70, {2: 70, 120: 70})]
)
def test_mini_batches(measured, given, expected):
    choose_n_clusters(np.eye(4000, 2), quick_turtle(batch_size=given), expected)
    assert {estimator.n_clusters: estimator.batch_size for estimator, _ in measured} == expected


def quick_digits_turtle():
    return quick_turtle(n_init=4, n_components=8, polish_iter=2)


@pytest.fixture(scope="module")
def of_digits():
    """Few samples of the digits 0 to 3, and the choice among all numbers."""
    spaces, y = load_digit_spaces()
    few = {name: space[y < 4][:80] for name, space in spaces.items()}
    return few, choose_n_clusters(few, quick_digits_turtle(), random_state=3)


def test_finds_the_number_of_digits(of_digits):
    _, selection = of_digits
    assert selection.candidates.tolist() == list(range(2, 9))
    assert 3 <= selection.n_clusters <= 6


def test_a_number_is_measured_in_the_same_way_whatever_the_others(of_digits):
    X, selection = of_digits
    some = selection.candidates[[0, selection.score.argmax()]]
    rng = np.random.RandomState(3)
    again = choose_n_clusters(X, quick_digits_turtle(), some, random_state=rng)
    of_some = np.isin(selection.candidates, some)
    np.testing.assert_array_equal(again.stability, selection.stability[of_some])
    np.testing.assert_array_equal(again.gain, selection.gain[of_some])


@pytest.mark.parametrize("n_samples", [2, 5])
def test_few_samples_have_few_clusters(n_samples):
    selection = choose_n_clusters(separated_blobs(2, n_samples), quick_turtle(n_init=4))
    assert selection.candidates.max() <= n_samples


@pytest.fixture(scope="module")
def automatic():
    """Blobs, and an estimator that has chosen their number."""
    X = separated_blobs(4, 60)
    return X, quick_turtle(n_clusters="auto", n_init=8, random_state=0).fit(X)


def test_estimator_chooses_for_itself(automatic):
    X, turtle = automatic
    assert turtle.n_clusters == "auto"
    assert turtle.n_clusters_ == 4
    by_number = clone(turtle).set_params(n_clusters=4).fit(X)
    np.testing.assert_array_equal(turtle.labels_, by_number.labels_)
    np.testing.assert_array_equal(turtle.coef_[0], by_number.coef_[0])


def test_a_given_number_is_kept():
    turtle = quick_turtle(n_clusters=5)
    assert with_n_clusters(turtle, None) is turtle


def test_the_chosen_number_is_used_and_saved(automatic, tmp_path):
    X, turtle = automatic
    assert clone(turtle).n_clusters == "auto"
    assert merge_clusters(turtle, [0, 3]).n_clusters == 3
    with pytest.raises(ValueError, match="one of the clusters, 0 to 3"):
        split_cluster(turtle, X, 4)
    turtle.save(tmp_path / "model.safetensors")
    loaded = TurtleClustering.load(tmp_path / "model.safetensors")
    assert (loaded.n_clusters, loaded.n_clusters_) == ("auto", 4)
    streamed = deepcopy(turtle).partial_fit(X)
    assert streamed.n_clusters_ == 4
    np.testing.assert_array_equal(streamed.predict(X), turtle.labels_)


def test_the_number_must_be_given_if_it_cannot_be_chosen(tmp_path):
    X = separated_blobs(3)
    turtle = quick_turtle(n_clusters="auto")
    with pytest.raises(ValueError, match="n_clusters='auto' needs all rows"):
        turtle.partial_fit(X)
    with pytest.raises(ValueError, match="checkpoint"):
        turtle.fit(X, checkpoint=tmp_path / "checkpoint")
    assert not hasattr(turtle, "n_clusters_")


def test_an_array_of_proportions_fits_one_number_only(measured):
    turtle = quick_turtle(n_clusters="auto", cluster_prior=[0.5, 0.25, 0.25])
    with pytest.raises(ValueError, match="cluster_prior must be 'auto', 'uniform' or a number"):
        turtle.fit(separated_blobs(3))
    assert measured == []
