from dataclasses import replace

import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, Strategy, project
from sklearn_turtle._solver.strategy._space_weights import space_weights, weights_by_labels
from tests.support.settings import solver_settings

N_CLUSTERS = 5
Y = torch.arange(600) % N_CLUSTERS
STRATEGY = Strategy(
    solver_settings(N_CLUSTERS, batch_size=200, inner_lr=0.01),
    polish_iter=5,
    sizes_known=False,
    n_components=16,
    n_neighbors=10,
)


def cluster_space(distance, seed, n_features=24):
    """Rows of clusters at a distance of each other."""
    generator = torch.Generator().manual_seed(seed)
    centers = torch.randn(N_CLUSTERS, n_features, generator=generator)
    centers *= distance / centers.norm(dim=1, keepdim=True)
    return centers[Y] + torch.randn(len(Y), n_features, generator=generator)


def noise(seed, n_features=40):
    return torch.randn(len(Y), n_features, generator=torch.Generator().manual_seed(seed))


def shuffled(z):
    return z[torch.randperm(len(z), generator=torch.Generator().manual_seed(9))]


GOOD, OTHER, WEAK = cluster_space(6, 0), cluster_space(6, 1), cluster_space(2.5, 2)


def weights_of(features, strategy=STRATEGY):
    spaces = []
    for z in features:
        centered = z - z.mean(0)
        spaces.append(FeatureSpace(centered, scale=400 / centered.abs().sum(1).mean().item()))
    draws = Draws(0)
    projected = project(spaces, strategy.n_components, draws)
    state = draws.state()
    found = space_weights(projected, strategy, draws)
    assert torch.equal(state[0], draws.state()[0])
    assert sum(found.weights) == pytest.approx(1)
    return found


def test_spaces_that_know_the_same_count_alike():
    assert weights_of([GOOD, OTHER]).weights == pytest.approx([0.5, 0.5], abs=0.1)


def test_a_space_that_knows_more_counts_more():
    weights = weights_of([GOOD, WEAK]).weights
    assert weights[0] > 0.8
    assert weights[1] > 0.001


@pytest.mark.parametrize("n_noise", [1, 3])
def test_noise_counts_nothing(n_noise):
    found = weights_of([GOOD, OTHER, *map(noise, range(n_noise))])
    assert sum(found.weights[2:]) < 0.001
    assert max(found.correlations[2:]) < 0.05 < min(found.correlations[:2])


def test_other_rows_count_nothing():
    found = weights_of([GOOD, OTHER, shuffled(GOOD)])
    assert found.weights[2] < 0.01
    assert found.correlations[2] < 0.05


def test_copies_count_as_one():
    first, second, copy = weights_of([GOOD, OTHER, OTHER.clone()]).weights
    assert second == pytest.approx(copy, abs=0.01)
    assert second + copy < first + 0.25


def test_given_weights_are_taken():
    found = weights_of([GOOD, noise(0)], replace(STRATEGY, space_weights=[0.2, 0.8]))
    assert found.weights == [0.2, 0.8]
    assert found.correlations is None


@pytest.mark.parametrize(
    "strategy",
    [
        replace(STRATEGY, n_neighbors=0),
        replace(STRATEGY, search=solver_settings(400, batch_size=200)),
    ],
    ids=["no neighbors", "few rows"],
)
def test_otherwise_spaces_count_alike(strategy):
    assert weights_of([GOOD, noise(0)], strategy).weights == [0.5, 0.5]


def test_a_single_space_has_all_the_weight():
    assert weights_of([GOOD]).weights == [1.0]


def test_rows_that_are_all_alike():
    found = weights_by_labels([torch.ones(30, 3), torch.ones(30, 2)], torch.zeros(30).long(), 1, 5)
    assert found.weights == [0.5, 0.5]


def test_weights_follow_from_shares_and_correlations():
    # in the first space, all neighbors have the same label; in the second one, by chance
    labels = torch.arange(40) % 2
    apart = torch.stack([labels * 2.0 - 1, torch.linspace(-0.1, 0.1, 40)], 1)
    found = weights_by_labels([apart, noise(0)[:40]], labels, 2, 5)
    assert found.weights[0] > 0.99
