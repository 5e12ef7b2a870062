"""Typical samples, outliers, and samples between clusters."""

import numpy as np
import pytest
import torch

from sklearn_turtle import stack_spaces
from sklearn_turtle._solver.rows import _chunks
from sklearn_turtle.exploration import (
    boundary_samples,
    cluster_representatives,
    outlier_samples,
)
from sklearn_turtle.metrics import match_clusters
from sklearn_turtle.paper.baselines import SpacesKMeans
from tests.support.given import Given
from tests.support.two_spaces import two_spaces


def distances_by_definition(spaces, labels, n_clusters):
    """Distance of each sample from each cluster, (n_samples, n_clusters), in plain NumPy."""
    total = np.zeros((len(labels), n_clusters))
    for x in spaces:
        x = np.asarray(x, dtype=np.float64)
        means = [x[labels == cluster].mean(0) for cluster in range(n_clusters)]
        squares = np.stack([((x - mean) ** 2).sum(1) for mean in means], axis=1)
        total += squares / squares[np.arange(len(labels)), labels].mean()
    return np.sqrt(total / len(spaces))


def test_representatives_worked_out_by_hand():
    # the means are 1 and 10; equal distances keep the order of the rows
    X = np.array([[0.0], [10.0], [1.0], [2.0], [8.0], [12.0]])
    found = cluster_representatives(Given([0, 1, 0, 0, 1, 1]), X, 2)
    assert [rows.tolist() for rows in found] == [[2, 0], [1, 4]]


def test_rejected_samples_represent_nothing():
    # without row 2, the mean of the first cluster is 2
    X = np.array([[0.0], [10.0], [-90.0], [2.0], [4.0], [12.0]])
    rejecting = Given([0, 1, -1, 0, 0, 1])
    found = cluster_representatives(rejecting, X)
    assert [rows.tolist() for rows in found] == [[3, 0, 4], [1, 5]]
    assert outlier_samples(rejecting, X, 1).tolist() == [2]


def test_spaces_have_the_same_weight_whatever_their_units():
    # the second space has much larger values, and only row 2 is far from the mean there
    X = [np.array([[0.0], [3.0], [0.0], [1.0]]), 1e6 * np.array([[0.0], [0.0], [4.0], [0.0]])]
    found = cluster_representatives(Given([0, 0, 0, 0]), X, 4)
    distances = distances_by_definition(X, np.zeros(4, dtype=int), 1)[:, 0]
    assert found[0].tolist() == np.argsort(distances).tolist() == [3, 0, 1, 2]


def test_an_empty_cluster_has_no_representatives():
    found = cluster_representatives(Given([0, 2], n_clusters=4), np.eye(2))
    assert [rows.tolist() for rows in found] == [[0], [], [1], []]


def test_outliers_worked_out_by_hand():
    # the means are 0, because row 3 is in the wrong cluster, and 13; row 4 is far from both
    X = np.array([[-2.0], [-1.0], [-9.0], [12.0], [23.0], [11.0], [5.0]])
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    assert outlier_samples(Given(labels), X, 2).tolist() == [4, 2]
    expected = distances_by_definition([X], labels, 2).min(1)
    assert outlier_samples(Given(labels), X, 20).tolist() == np.argsort(-expected).tolist()


def test_identical_samples():
    X = np.ones((3, 2))
    assert cluster_representatives(Given([0, 0, 0]), X)[0].tolist() == [0, 1, 2]
    assert outlier_samples(Given([0, 0, 0]), X).tolist() == [0, 1, 2]


def test_distances_of_digits_follow_the_definition(digits):
    spaces, _, turtle = digits
    distances = distances_by_definition(spaces.values(), turtle.labels_, 10)
    own = distances[np.arange(len(distances)), turtle.labels_]
    for cluster, rows in enumerate(cluster_representatives(turtle, spaces, 7)):
        members = np.flatnonzero(turtle.labels_ == cluster)
        assert rows.tolist() == members[np.argsort(own[members])[:7]].tolist()
    assert outlier_samples(turtle, spaces, 20).tolist() == (
        np.argsort(-distances.min(1))[:20].tolist()
    )


def test_chunks_make_no_difference(digits, monkeypatch):
    spaces, _, turtle = digits
    whole = cluster_representatives(turtle, spaces), outlier_samples(turtle, spaces)
    monkeypatch.setattr(_chunks, "CHUNK_VALUES", 10_000)
    in_chunks = cluster_representatives(turtle, spaces), outlier_samples(turtle, spaces)
    assert all(np.array_equal(a, b) for a, b in zip(whole[0], in_chunks[0], strict=True))
    assert np.array_equal(whole[1], in_chunks[1])


def test_representatives_are_right_more_often_than_outliers(digits):
    spaces, y, turtle = digits
    class_of = match_clusters(y, turtle.labels_)
    right = np.array([class_of[label] for label in turtle.labels_]) == y
    typical = np.concatenate(cluster_representatives(turtle, spaces, 10))
    outliers = outlier_samples(turtle, spaces, 100)
    assert right[typical].mean() > 0.9
    assert right[outliers].mean() < min(right.mean(), right[typical].mean())


def test_the_container_of_the_input_does_not_matter(blobs, tmp_path):
    spaces, _, turtle = blobs
    expected = [rows.tolist() for rows in cluster_representatives(turtle, spaces, 4)]
    stacked, _ = stack_spaces(spaces)
    for given in (stacked, dict(zip(["space0", "space1"], spaces, strict=True)), tuple(spaces)):
        found = cluster_representatives(turtle, given, 4)
        assert [rows.tolist() for rows in found] == expected
    np.save(tmp_path / "x.npy", stacked)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert outlier_samples(turtle, mapped).tolist() == outlier_samples(turtle, spaces).tolist()
    tensors = [torch.from_numpy(x) for x in spaces]
    assert outlier_samples(turtle, tensors).tolist() == outlier_samples(turtle, stacked).tolist()


def test_half_precision_and_numbers_far_from_zero():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 50, (40, 3)).astype(np.float16)
    labels = np.arange(40) % 3
    expected = np.argsort(-distances_by_definition([x], labels, 3).min(1))[:10].tolist()
    assert outlier_samples(Given(labels), x).tolist() == expected
    far = x.astype(np.float32) + np.float32(1e6)
    assert outlier_samples(Given(labels), far).tolist() == expected


def test_other_clusterings():
    spaces, _ = two_spaces()
    kmeans = SpacesKMeans(4, n_init=1, random_state=0).fit(spaces)
    assert len(np.concatenate(cluster_representatives(kmeans, spaces, 3))) == 12
    labels = ["a", "b"]
    with pytest.raises(ValueError, match="must number clusters from 0"):
        cluster_representatives(Given(labels), np.eye(2))
    with pytest.raises(ValueError, match="must number clusters from 0"):
        outlier_samples(Given([-2, 0]), np.eye(2))


def test_boundary_worked_out_by_hand():
    probabilities = [
        [0.5, 0.4, 0.1],
        [0.3, 0.29, 0.41],  # the third is more likely than either
        [0.45, 0.5, 0.05],
        [0.1, 0.9, 0.0],
    ]
    given = Given(probabilities=probabilities)
    assert boundary_samples(given, None, (0, 1)).tolist() == [2, 0, 3]
    assert boundary_samples(given, None, [1, 0], 1).tolist() == [2]
    assert boundary_samples(given, None, (0, 2)).tolist() == [1]
    assert boundary_samples(given, None, (1, 2)).tolist() == []
    assert boundary_samples(Given(probabilities=[[0.9, 0.1]]), None, (0, 1)).tolist() == [0]


@pytest.mark.parametrize("clusters", [(0, 0), (0, 3), (-1, 0), (0,), (0.5, 1), ("0", "1")])
def test_boundary_needs_two_clusters(clusters):
    with pytest.raises(ValueError, match="two distinct clusters from 0 to 2"):
        boundary_samples(Given(probabilities=np.eye(3)), None, clusters)


def test_boundary_samples_of_digits_lie_between_the_clusters(digits):
    spaces, _, turtle = digits
    top = np.sort(np.argsort(turtle.predict_proba(spaces), axis=1)[:, -2:], axis=1)
    pairs, counts = np.unique(top, axis=0, return_counts=True)
    pair = pairs[counts.argmax()]
    rows = boundary_samples(turtle, spaces, tuple(pair.tolist()), 15)
    assert len(rows) == 15
    assert (top[rows] == pair).all()


def test_numbers_are_checked():
    for function, name in (
        (cluster_representatives, "n_representatives"),
        (outlier_samples, "n_outliers"),
    ):
        with pytest.raises(ValueError, match=name):
            function(Given([0]), np.eye(1), 0)
