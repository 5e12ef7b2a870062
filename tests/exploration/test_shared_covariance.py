"""Mahalanobis distances from clusters with one covariance."""

import numpy as np
import pytest
import torch
from sklearn.covariance import OAS

from sklearn_turtle.exploration._shared_covariance import SharedCovariance

RNG = np.random.default_rng(0)
LABELS = np.repeat([0, 1, 2, 3], [9, 6, 4, 1])
X = RNG.normal(size=(20, 3)) @ RNG.normal(size=(3, 3)) + 100 + 5 * RNG.normal(size=(4, 3))[LABELS]


def means_and_scatter(x, labels):
    present = np.unique(labels)
    means = np.stack([x[labels == cluster].mean(0) for cluster in present])
    offsets = x - means[np.searchsorted(present, labels)]
    return means, offsets.T @ offsets


def covariance_of(x, labels):
    means, scatter = means_and_scatter(x, labels)
    return SharedCovariance.of(means, np.bincount(labels), scatter)


def squares_by_definition(x, means, covariance):
    offsets = x[:, None] - means
    return np.einsum("ncd,de,nce->nc", offsets, np.linalg.inv(covariance), offsets)


def test_distances_by_definition():
    means, _ = means_and_scatter(X, LABELS)
    shrunk = OAS(assume_centered=True).fit(X - means[LABELS]).covariance_
    squares = covariance_of(X, LABELS).squares(torch.from_numpy(X))
    np.testing.assert_allclose(squares, squares_by_definition(X, means, shrunk), atol=1e-20)


def test_each_row_left_out_by_definition():
    shared = covariance_of(X, LABELS)
    found = shared.squares_without_own(
        torch.from_numpy(X), torch.from_numpy(LABELS), np.bincount(LABELS).astype(float)
    ).numpy()
    _, scatter = means_and_scatter(X, LABELS)
    shrunk = np.linalg.inv(shared.whitening @ shared.whitening.T)
    for row in range(20):
        rest = np.arange(20) != row
        means, scatter_of_rest = means_and_scatter(X[rest], LABELS[rest])
        # the amount of shrinkage stays
        covariance = shrunk + (scatter_of_rest - scatter) * shared.removed
        clusters = np.unique(LABELS[rest])
        expected = squares_by_definition(X[[row]], means, covariance)[0]
        np.testing.assert_allclose(found[row, clusters], expected, rtol=1e-8)
    assert found[19, 3] == np.inf  # the cluster of a single row is gone without it


@pytest.mark.parametrize("x", [np.ones((6, 3)), np.eye(3).repeat(2, 0), np.arange(6.0)[:, None]])
def test_degenerate_clusters(x):
    labels = np.arange(6) % 2
    squares = covariance_of(x, labels).squares_without_own(
        torch.from_numpy(x), torch.from_numpy(labels), np.bincount(labels).astype(float)
    )
    assert torch.isfinite(squares).all()
    assert (squares >= 0).all()
