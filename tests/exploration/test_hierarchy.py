"""Hierarchy of clusters."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle.exploration import cluster_linkage, group_clusters, merge_clusters
from tests.support.given import Given


def test_distances_worked_out_by_hand():
    # seen from their center (5, 5), the means are at angles of 90 and 135 degrees
    means = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    X = 5 + np.vstack([means + 1, means - 1])
    given = Given([0, 1, 2, 0, 1, 2])
    expected = [[0, 1, 1, 2], [2, 3, 1 + np.sqrt(0.5), 3]]
    np.testing.assert_allclose(cluster_linkage(given, X), expected)
    # a second space that is the first in other units changes nothing
    np.testing.assert_allclose(cluster_linkage(given, [X, 1e3 * X + 7]), expected)
    # in a constant space, the similarity is 0
    expected[1][2] = 1 + np.sqrt(0.5) / 2
    np.testing.assert_allclose(cluster_linkage(given, [X, np.ones((6, 1))]), expected)


def test_clusters_with_the_same_mean_are_at_distance_zero():
    X = np.array([[0.0, 1.0], [0.0, 1.0], [3.0, 0.0]])
    joins = cluster_linkage(Given([0, 1, 2]), X, "single")
    np.testing.assert_allclose(joins[0], [0, 1, 0, 2], atol=1e-12)
    assert joins[0, 2] >= 0


def test_clusters_without_samples_are_left_out():
    X = np.array([[0.0], [1.0], [9.0]])
    joins = cluster_linkage(Given([0, 2, 3], n_clusters=5), X)  # 0 and 1 are on the same side
    assert joins[:, :2].tolist() == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match="at least 2 clusters"):
        cluster_linkage(Given([1, 1, 1]), X)
    with pytest.raises(ValueError, match="method"):
        cluster_linkage(Given([0, 2, 3]), X, "ward")


def test_groups_are_the_clusters_that_are_joined_first():
    X = np.array([[0.0, 9.0], [1.0, 8.0], [9.0, 0.0], [0.0, 7.0]])
    given = Given([0, 2, 3, 5], n_clusters=7)
    groups = [group_clusters(given, X, n_groups) for n_groups in (1, 2, 4)]
    assert [[of_one.tolist() for of_one in of_cut] for of_cut in groups] == [
        [[0, 2, 3, 5]],
        [[0, 2, 5], [3]],
        [[0], [2], [3], [5]],
    ]
    with pytest.raises(ValueError, match="n_groups=5 must be at most 4"):
        group_clusters(given, X, 5)


def test_merging_close_clusters_of_digits_finds_the_digits(digits):
    spaces, y, _ = digits
    turtle = TurtleClustering(
        20,
        n_init=4,
        max_iter=60,
        polish_iter=10,
        cluster_prior="uniform",
        n_components=64,
        device="cpu",
        random_state=0,
    ).fit(spaces)
    merged = merge_clusters(turtle, *group_clusters(turtle, spaces, 10))
    assert merged.n_clusters == 10
    before = adjusted_rand_score(y, turtle.labels_)
    assert adjusted_rand_score(y, merged.predict(spaces)) > before + 0.1
