"""Clusterings whose clusters are merged and split by hand."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.exploration import (
    EditedClustering,
    assign_classes,
    cluster_representatives,
    merge_clusters,
    split_cluster,
)
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.two_spaces import small_turtle


class Given(BaseEstimator):
    """A fitted clustering that predicts these probabilities, whatever the samples."""

    def __init__(self, probabilities):
        self.probabilities = np.array(probabilities)
        self.n_clusters = self.probabilities.shape[1]

    def fit(self, X, y=None):
        return self

    def predict_proba(self, X):
        return self.probabilities

    def predict(self, X):
        return self.probabilities.argmax(1)

    def __sklearn_is_fitted__(self):
        return True


PROBABILITIES = [[0.4, 0.3, 0.1, 0.2], [0.0, 0.0, 0.75, 0.25], [0.2, 0.3, 0.25, 0.25]]
X = np.arange(3.0)[:, None]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([[1, 2]], [[0.4, 0.4, 0.2], [0.0, 0.75, 0.25], [0.2, 0.55, 0.25]]),
        ([[3, 0]], [[0.6, 0.3, 0.1], [0.25, 0.0, 0.75], [0.45, 0.3, 0.25]]),
        ([[1, 3], [2, 0]], [[0.5, 0.5], [0.75, 0.25], [0.45, 0.55]]),
        ([[2]], PROBABILITIES),
        ([], PROBABILITIES),
    ],
)
def test_merging_worked_by_hand(groups, expected):
    merged = merge_clusters(Given(PROBABILITIES), *groups)
    np.testing.assert_allclose(merged.predict_proba(X), expected)
    assert merged.n_clusters == len(expected[0])
    assert merged.predict(X).tolist() == np.argmax(expected, axis=1).tolist()


def test_splitting_worked_by_hand():
    class Halves(TurtleClustering):
        def fit(self, X, y=None):
            self.seen_ = X
            return self

        def predict_proba(self, X):
            return np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]])

    given = Given([[0.1, 0.6, 0.3], [0.0, 0.2, 0.8], [0.3, 0.4, 0.3]])
    split = split_cluster(given, X, 1, splitter=Halves())
    expected = [[0.1, 0.3, 0.3, 0.3], [0.0, 0.2, 0.8, 0.0], [0.3, 0.1, 0.3, 0.3]]
    np.testing.assert_allclose(split.predict_proba(X), expected)
    assert split.n_clusters == 4
    parts = split.edits[0].parts
    assert parts.n_clusters == 2
    assert parts.seen_["space0"].tolist() == [[0.0], [2.0]]  # the rows of cluster 1


def test_edits_add_up(blobs):
    spaces, _, turtle = blobs
    split = split_cluster(turtle, spaces, 1)
    back = merge_clusters(split, [1, 4])
    assert isinstance(back, EditedClustering)
    assert back.estimator is turtle
    assert (split.n_clusters, back.n_clusters) == (5, 4)
    np.testing.assert_allclose(back.predict_proba(spaces), turtle.predict_proba(spaces), atol=1e-6)
    untouched = [0, 2, 3]
    np.testing.assert_array_equal(
        split.predict_proba(spaces)[:, untouched], turtle.predict_proba(spaces)[:, untouched]
    )
    twice = merge_clusters(split_cluster(split, spaces, 0), [0, 2], [3, 5])
    np.testing.assert_allclose(twice.predict_proba(spaces).sum(1), 1, atol=1e-6)
    assert twice.n_clusters == 4


def test_a_split_finds_the_digits_that_were_merged(digits):
    spaces, _, turtle = digits
    merged = merge_clusters(turtle, [3, 7])
    both = merged.predict(spaces) == 3
    assert np.isin(turtle.labels_[both], [3, 7]).mean() > 0.98
    split = split_cluster(merged, spaces, 3)
    assert clustering_accuracy(turtle.labels_, split.predict(spaces)) > 0.97


def test_the_form_of_the_input_does_not_matter(blobs):
    spaces, _, turtle = blobs
    split = split_cluster(turtle, spaces, 0)
    stacked, _ = stack_spaces(spaces)
    expected = split.predict(spaces)
    assert np.array_equal(split.predict(stacked), expected)
    assert np.array_equal(split_cluster(turtle, stacked, 0).predict(spaces), expected)
    named = dict(zip(split.space_names_, spaces, strict=True))
    assert np.array_equal(split.predict(named), expected)
    of_stacked = small_turtle(spaces=[12, 8]).fit(stacked)
    assert np.array_equal(split_cluster(of_stacked, stacked, 0).predict(stacked), expected)


def test_names_of_features(blobs):
    spaces, _, turtle = blobs
    frames = {name: pd.DataFrame(x).add_prefix("f") for name, x in zip("ab", spaces, strict=True)}
    split = split_cluster(small_turtle().fit(frames), frames, 0)
    expected = split_cluster(turtle, spaces, 0).predict(spaces)
    assert np.array_equal(split.predict(frames), expected)
    assert split.feature_names_in_[0] == "a__f0"
    stacked = pd.DataFrame(np.hstack(spaces), columns=split.feature_names_in_)
    edited = merge_clusters(small_turtle(spaces="prefix").fit(stacked), [0, 1])
    assert len(cluster_representatives(edited, stacked, 2)) == 3
    with pytest.raises(ValueError, match="feature names"):
        edited.predict(stacked.iloc[:, ::-1])


def test_the_result_is_an_estimator_like_any_other(blobs):
    spaces, y, turtle = blobs
    edited = merge_clusters(turtle, [0, 1])
    expected = edited.predict(spaces)
    assert expected.dtype == np.int32
    assert edited.n_features_in_ == 20
    assert np.array_equal(pickle.loads(pickle.dumps(edited)).predict(spaces), expected)
    assert len(cluster_representatives(edited, spaces, 2)) == 3
    few = [x[::10] for x in spaces]
    assert assign_classes(edited, few, y[::10]).predict(spaces).shape == y.shape
    assert np.array_equal(edited.fit(spaces).predict(spaces), expected)
    with pytest.raises(NotFittedError):
        clone(edited).predict(spaces)
    with pytest.raises(NotFittedError):
        clone(edited).fit(spaces)


def test_the_clustering_is_left_as_it_is(blobs):
    spaces, _, turtle = blobs
    before = turtle.get_params(), turtle.labels_.copy(), turtle.coef_[0].copy()
    split_cluster(merge_clusters(turtle, [0, 1]), spaces, 0)
    assert turtle.get_params() == before[0]
    assert np.array_equal(turtle.labels_, before[1])
    assert np.array_equal(turtle.coef_[0], before[2])


@pytest.mark.parametrize("group", [[0, 4], [-1, 0], [0.5], 3, ["a"]])
def test_groups_must_be_clusters(group):
    with pytest.raises(ValueError, match="list of clusters, of 0 to 3"):
        merge_clusters(Given(PROBABILITIES), group)


def test_what_is_refused(blobs):
    spaces, _, turtle = blobs
    with pytest.raises(ValueError, match="overlap"):
        merge_clusters(Given(PROBABILITIES), [0, 1], [1, 2])
    with pytest.raises(ValueError, match="cluster=4 must be one of the clusters, 0 to 3"):
        split_cluster(turtle, spaces, 4)
    with pytest.raises(ValueError, match="Cluster 1 has 1 samples in X, too few to make 2"):
        split_cluster(Given(PROBABILITIES), X, 1, splitter=turtle)
    with pytest.raises(ValueError, match="n_clusters"):
        split_cluster(turtle, spaces, 0, 1)
    for function in (merge_clusters, split_cluster):
        with pytest.raises(NotFittedError):
            function(small_turtle(), *([] if function is merge_clusters else [spaces, 0]))
