"""Plot of the hierarchy of the clusters."""

from itertools import pairwise

import numpy as np
import pytest

from sklearn_turtle.display import ClusterHierarchyDisplay
from sklearn_turtle.exploration import cluster_linkage
from tests.support.given import Given


def test_leaves_that_are_joined_first_are_next_to_each_other(blobs):
    spaces, _, turtle = blobs
    names = ["north", "east", "south", "west"]
    display = ClusterHierarchyDisplay.from_estimator(turtle, spaces, names=names).plot()
    np.testing.assert_array_equal(display.joins, cluster_linkage(turtle, spaces))
    shown = [tick.get_text() for tick in display.ax_.get_yticklabels()]
    assert shown == display.dendrogram_["ivl"]
    assert sorted(shown) == sorted(names)
    joined_first = {names[int(leaf)] for leaf in display.joins[0, :2]}
    assert any(set(pair) == joined_first for pair in pairwise(shown))


def test_numbers_are_the_default_names(blobs):
    spaces, _, turtle = blobs
    display = ClusterHierarchyDisplay.from_estimator(turtle, spaces).plot(orientation="top")
    assert sorted(tick.get_text() for tick in display.ax_.get_xticklabels()) == list("0123")


def test_the_linkage_method_is_used(blobs):
    spaces, _, turtle = blobs
    display = ClusterHierarchyDisplay.from_estimator(turtle, spaces, method="single")
    np.testing.assert_array_equal(display.joins, cluster_linkage(turtle, spaces, "single"))


def test_only_clusters_with_samples_are_leaves():
    given = Given([0, 2, 3], n_clusters=5)
    X = np.array([[0.0], [1.0], [9.0]])
    assert ClusterHierarchyDisplay.from_estimator(given, X).names == ["0", "2", "3"]
    with pytest.raises(ValueError, match="names has 3 entries, but there are 5 clusters"):
        ClusterHierarchyDisplay.from_estimator(given, X, names=["a", "b", "c"])


def test_samples_are_predicted_only_once():
    calls = []

    class Counting(Given):
        def predict(self, X):
            calls.append(X)
            return super().predict(X)

    ClusterHierarchyDisplay.from_estimator(Counting([0, 1, 2]), np.eye(3))
    assert len(calls) == 1
