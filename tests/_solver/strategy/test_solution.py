from dataclasses import replace

import pytest
import torch
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._solver import (
    Draws,
    FeatureSpace,
    Observer,
    Strategy,
    n_steps,
    restart_labels,
    search_labeling,
    solve_from_labels,
    solve_restarts,
    solve_strategies,
)
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings
from tests.support.two_spaces import two_spaces

SEARCH = solver_settings(4, n_restarts=5, max_iter=4, batch_size=50)
STRATEGY = Strategy(SEARCH, polish_iter=2, sizes_known=True, n_components=4, n_neighbors=0)


@pytest.fixture(scope="module")
def spaces():
    return feature_spaces()


@pytest.fixture
def group_values(monkeypatch):
    """A function that sets the largest number of values of a tensor of a step."""

    def set_values(n_values):
        monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.GROUP_VALUES", n_values)

    return set_values


@pytest.mark.parametrize(("n_values", "n_groups"), [(10**6, 1), (400, 3), (1, 5)])
def test_restarts_in_groups(spaces, group_values, n_values, n_groups):
    group_values(n_values)
    solution = solve_restarts(spaces, STRATEGY, Draws(0))
    assert solution.labels.shape == (5, 120)
    assert solution.losses.shape == (4, 5)
    assert len(solution.loss_curve) <= n_steps(STRATEGY)
    means = [of_group.mean(1) for of_group in solution.losses.tensor_split(n_groups, 1)]
    torch.testing.assert_close(solution.loss_curve[: 4 * n_groups], torch.cat(means))
    assert solution.model.n_restarts == 1
    assert [weight.shape for weight in solution.model.weights] == [(12, 4), (8, 4)]


def test_a_single_restart_has_nothing_to_merge(spaces):
    strategy = replace(STRATEGY, search=replace(SEARCH, n_restarts=1), polish_iter=0)
    solution = solve_restarts(spaces, strategy, Draws(0))
    assert torch.equal(restart_labels(solution.model, spaces), solution.labels)
    assert solution.temperature == 1


@pytest.mark.parametrize("n_neighbors", [0, 5])
def test_merged_restarts_find_the_clusters(spaces, n_neighbors):
    _, y = two_spaces(120)
    search = replace(SEARCH, n_restarts=16, max_iter=60, batch_size=90)
    strategy = Strategy(
        search, polish_iter=20, sizes_known=False, n_components=None, n_neighbors=n_neighbors
    )
    solution = solve_restarts(spaces, strategy, Draws(0))
    assert adjusted_rand_score(y, restart_labels(solution.model, spaces)[0]) > 0.9
    assert len(solution.loss_curve) <= n_steps(strategy)


def test_ending_the_search_keeps_the_restarts_trained_so_far(spaces, group_values):
    group_values(400)  # groups of two restarts

    class AtSixthStep(Observer):
        steps = 0

        def end_step(self, step, losses, model):
            self.steps += 1
            return self.steps == 6

    observer = AtSixthStep()
    solution = solve_restarts(spaces, STRATEGY, Draws(0), observer=observer)
    assert observer.steps == len(solution.loss_curve) == 6
    assert len(solution.labels) == 4
    # the second group ended after two of four steps
    assert solution.losses.isnan().tolist() == 2 * [[False] * 4] + 2 * [[False] * 2 + [True] * 2]


@pytest.mark.parametrize("n_values", [1 << 22, 1])
def test_strategies_side_by_side_equal_strategies_alone(spaces, group_values, n_values):
    group_values(n_values)
    strategies = [
        replace(STRATEGY, search=replace(SEARCH, gamma=gamma, inner_lr=inner_lr, outer_lr=outer_lr))
        for gamma, inner_lr, outer_lr in [(10.0, 0.02, 0.01), (1.0, 0.02, 0.03), (3.0, 0.05, 0.01)]
    ]
    together = list(solve_strategies(spaces, strategies, Draws(0)))
    for strategy, found in zip(strategies, together, strict=True):
        alone = solve_restarts(spaces, strategy, Draws(0))
        torch.testing.assert_close(found.losses, alone.losses, rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(found.model.weights, alone.model.weights, rtol=1e-2, atol=1e-4)
        assert (found.labels == alone.labels).double().mean() > 0.98


@pytest.mark.parametrize("n_neighbors", [0, 5])
def test_given_labels_are_mended(spaces, n_neighbors):
    y = torch.from_numpy(two_spaces(120)[1]).long()
    known = torch.where(torch.arange(120) % 3 == 0, -1, y)
    strategy = Strategy(
        SEARCH, polish_iter=20, sizes_known=False, n_components=None, n_neighbors=n_neighbors
    )
    solution = solve_from_labels(spaces, known, strategy, Draws(0))
    assert adjusted_rand_score(y, restart_labels(solution.model, spaces)[0]) > 0.9
    assert solution.losses.shape == (0, 1)
    assert solution.temperature == 1


@pytest.mark.parametrize("n_neighbors", [0, 5])
def test_a_labeling_of_some_rows_is_that_of_a_fit_to_these_rows(n_neighbors):
    x = torch.from_numpy(two_spaces()[0][0]).float()
    rows = torch.arange(1, len(x), 2)
    strategy = replace(STRATEGY, n_components=None, n_neighbors=n_neighbors)
    found = search_labeling([FeatureSpace(x)], rows, strategy, Draws(0))
    alone = solve_restarts([FeatureSpace(x[rows])], strategy, Draws(0)).model
    torch.testing.assert_close(found.weights, alone.weights)
    torch.testing.assert_close(found.biases, alone.biases)


def test_sizes_follow_the_data_unless_they_are_known():
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(3).repeat_interleave(torch.tensor([300, 30, 30]))
    x = 5 * torch.eye(3, 12)[y] + torch.randn(360, 12, generator=generator)
    x -= x.mean(0)
    space = FeatureSpace(x, scale=400 / x.abs().sum(1).mean().item())
    search = solver_settings(3, n_restarts=8, max_iter=60, batch_size=270)
    largest = {}
    for sizes_known in (False, True):
        strategy = Strategy(
            search, polish_iter=20, sizes_known=sizes_known, n_components=None, n_neighbors=10
        )
        model = solve_restarts([space], strategy, Draws(0)).model
        largest[sizes_known] = restart_labels(model, [space])[0].long().bincount().max() / 360
    assert largest[False] == pytest.approx(300 / 360, abs=0.01)
    assert largest[True] < 0.6
