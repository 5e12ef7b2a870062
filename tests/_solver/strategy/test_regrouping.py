import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from sklearn_turtle._solver.rows._neighbors import nearest_neighbors
from sklearn_turtle._solver.strategy._regrouping import Grouping, information, regrouped


def clusters(sizes, distance=8.0, n_features=16, seed=0):
    """Neighbors of rows of clusters of given sizes, and the cluster of each row."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    centers = torch.randn(len(sizes), n_features, generator=generator)
    centers *= distance / centers.norm(dim=1, keepdim=True)
    x = centers[y] + torch.randn(len(y), n_features, generator=generator)
    return nearest_neighbors([x], 10, [1.0]), y


def gain(labels, neighbors):
    """I(Y; Y') - H(Y | Y') of the labels of neighbors, from scikit-learn and SciPy."""
    own = np.repeat(labels, neighbors.shape[1])
    other = labels[neighbors].ravel()
    own, other = np.concatenate([own, other]), np.concatenate([other, own])
    shared = mutual_info_score(own, other)
    return shared - (entropy(np.bincount(own)) - shared)


@pytest.mark.parametrize(
    "sizes", [[300, 30], [400, 100, 20, 10], [60] * 5], ids=["two", "four", "equal"]
)
@pytest.mark.parametrize("start", ["random", "shifted"])
def test_clear_clusters_of_any_size_are_found(sizes, start):
    neighbors, y = clusters(sizes)
    n = len(sizes)
    labels = {
        "random": torch.randint(n, y.shape, generator=torch.Generator().manual_seed(0)),
        # parts of equal size, as the restarts would make them
        "shifted": torch.arange(len(y)) * n // len(y),
    }[start]
    found = regrouped(labels, neighbors, n)
    assert adjusted_rand_score(y, found) > 0.96


def test_right_labels_are_kept():
    neighbors, y = clusters([80, 40, 20])
    assert torch.equal(regrouped(y, neighbors, 3), y)


def test_an_empty_cluster_is_filled():
    neighbors, y = clusters([90, 60, 30])
    joined = torch.where(y == 2, 0, y)
    found = regrouped(joined, neighbors, 3)
    assert adjusted_rand_score(y, found) > 0.98
    assert len(found.unique()) == 3


def test_without_joins_only_rows_move():
    neighbors, y = clusters([90, 60])
    wrong = y.clone()
    wrong[::15] = 1 - wrong[::15]
    assert torch.equal(regrouped(wrong, neighbors, 2, joins=False), y)
    cut = torch.where(torch.arange(150) < 45, 2, 0)
    assert len(regrouped(cut, neighbors, 3, joins=False)[y == 0].unique()) == 2


def test_sizes_that_are_known_are_reached():
    neighbors, y = clusters([300, 30])
    halves = torch.arange(330) // 165
    stated = torch.tensor([300 / 330, 30 / 330]).log()
    assert adjusted_rand_score(y, regrouped(halves, neighbors, 2, log_prior=stated)) > 0.96


def test_no_move_takes_sizes_from_those_that_are_known():
    neighbors, _ = clusters([300, 30])
    halves = torch.arange(330) // 165
    equal = torch.tensor([0.5, 0.5]).log()
    found = regrouped(halves, neighbors, 2, log_prior=equal)
    assert found.bincount().tolist() == [165, 165]


@given(st.integers(0, 1000), st.integers(1, 7))
def test_no_regrouping_lowers_the_gain(seed, n_clusters):
    neighbors, y = clusters([20, 15, 9], distance=3.0, seed=seed)
    labels = torch.randint(n_clusters, y.shape, generator=torch.Generator().manual_seed(seed))
    found = regrouped(labels, neighbors, n_clusters)
    assert gain(found.numpy(), neighbors) >= gain(labels.numpy(), neighbors) - 1e-9
    assert found.max() < n_clusters


def test_the_gain_is_information_less_uncertainty():
    neighbors, y = clusters([30, 20, 10], distance=3.0)
    labels = (y + torch.arange(60) // 7) % 3
    grouping = Grouping(labels.numpy(), neighbors.numpy(), 3)
    assert information(grouping.shares) == pytest.approx(gain(labels.numpy(), neighbors))


@pytest.mark.parametrize("n_rows", [1, 2, 3])
def test_few_rows(n_rows):
    neighbors = (torch.arange(n_rows)[:, None] + 1) % n_rows
    labels = torch.arange(n_rows) % 2
    found = regrouped(labels, neighbors, 2)
    assert len(found) == n_rows
