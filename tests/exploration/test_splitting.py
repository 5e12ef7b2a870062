"""Splitting a cluster."""

import numpy as np
import pytest
import zarr
from sklearn.exceptions import NotFittedError

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.exploration import merge_clusters, split_cluster
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.explored import blob_turtle
from tests.support.given import Given

PROBABILITIES = [[0.1, 0.6, 0.3], [0.0, 0.2, 0.8], [0.3, 0.4, 0.3]]
X = np.arange(3.0)[:, None]


def test_probabilities_worked_out_by_hand():
    class Halves(TurtleClustering):
        def fit(self, X, y=None):
            self.seen_ = X
            return self

        def predict_proba(self, X):
            return np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]])

    split = split_cluster(Given(probabilities=PROBABILITIES), X, 1, splitter=Halves())
    expected = [[0.1, 0.3, 0.3, 0.3], [0.0, 0.2, 0.8, 0.0], [0.3, 0.1, 0.3, 0.3]]
    np.testing.assert_allclose(split.predict_proba(X), expected)
    assert split.n_clusters == 4
    parts = split.edits[0].parts
    assert parts.n_clusters == 2
    assert parts.seen_["space0"].tolist() == [[0.0], [2.0]]  # the rows of cluster 1


def test_a_split_finds_the_digits_that_were_merged(digits):
    spaces, _, turtle = digits
    merged = merge_clusters(turtle, [3, 7])
    both = merged.predict(spaces) == 3
    assert np.isin(turtle.labels_[both], [3, 7]).mean() > 0.98
    split = split_cluster(merged, spaces, 3)
    assert clustering_accuracy(turtle.labels_, split.predict(spaces)) > 0.97


def test_rows_may_be_read_as_needed(blobs):
    spaces, _, turtle = blobs
    stacked, _ = stack_spaces(spaces)
    split = split_cluster(turtle, zarr.array(stacked), 0)
    expected = split_cluster(turtle, stacked, 0).predict(spaces)
    assert np.array_equal(split.predict(zarr.array(stacked)), expected)


def test_arguments_are_checked(blobs):
    spaces, _, turtle = blobs
    with pytest.raises(ValueError, match="cluster=4 must be one of the clusters, 0 to 3"):
        split_cluster(turtle, spaces, 4)
    with pytest.raises(ValueError, match="Cluster 2 has 1 samples in X, too few to split it"):
        split_cluster(Given(probabilities=PROBABILITIES), X, 2, splitter=turtle)
    with pytest.raises(ValueError, match="n_clusters"):
        split_cluster(turtle, spaces, 0, 1)
    with pytest.raises(NotFittedError):
        split_cluster(blob_turtle(), spaces, 0)
