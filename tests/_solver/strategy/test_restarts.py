"""Restarts in groups."""

import pytest
import torch

from sklearn_turtle._solver import (
    Draws,
    FeatureSpace,
    Observer,
    Strategy,
    n_steps,
    search_labelings,
    solve_restarts,
)
from tests.support.settings import solver_settings
from tests.support.two_spaces import two_spaces

SEARCH = solver_settings(3, n_restarts=5, max_iter=4, batch_size=50)


def run(search, observer=None, polish_iter=2):
    spaces = [FeatureSpace(torch.from_numpy(x).float()) for x in two_spaces()[0]]
    strategy = Strategy(search, polish_iter, sizes_known=True, n_components=4)
    return solve_restarts(spaces, strategy, Draws(0), observer=observer)


@pytest.mark.parametrize(("group_values", "groups"), [(10**6, 1), (300, 3), (299, 5), (1, 5)])
def test_groups_are_as_large_as_memory_allows(group_values, groups, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.GROUP_VALUES", group_values)
    assert n_steps(Strategy(SEARCH, 2, sizes_known=True, n_components=4)) == groups * 4 + 2
    solution = run(SEARCH)
    assert len(solution.labels) == 5
    assert solution.loss_curve.shape == (groups * 4 + 2,)
    assert solution.losses.shape == (4, 5)
    means = [of_group.mean(1) for of_group in solution.losses.tensor_split(groups, 1)]
    torch.testing.assert_close(solution.loss_curve[:-2], torch.cat(means))
    assert [w.shape for w in solution.model.weights] == [(x.shape[1], 3) for x in two_spaces()[0]]


def test_an_observer_that_ends_the_search_ends_it_for_all_groups(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.GROUP_VALUES", 300)

    class AtStep(Observer):
        steps = 0

        def end_step(self, step, losses, model):
            self.steps += 1
            return self.steps == 6

    observer = AtStep()
    solution = run(SEARCH, observer)
    assert observer.steps == 6
    assert len(solution.labels) == 4
    assert len(solution.loss_curve) == 6


def test_labelings_of_some_rows_are_those_of_fits_to_them():
    x = torch.from_numpy(two_spaces()[0][0]).float()
    rows = torch.arange(1, len(x), 2)
    strategy = Strategy(SEARCH, 0, sizes_known=True, n_components=None)
    (found,) = search_labelings([FeatureSpace(x)], rows, strategy, Draws(0))
    alone = solve_restarts([FeatureSpace(x[rows])], strategy, Draws(0)).model
    torch.testing.assert_close(found.weights, alone.weights)
    torch.testing.assert_close(found.biases, alone.biases)


def test_labeling_of_some_rows_is_polished_in_each_way():
    space = FeatureSpace(torch.from_numpy(two_spaces()[0][0]).float())
    rows = torch.arange(space.n_samples)
    strategy = Strategy(SEARCH, 3, sizes_known=False, n_components=None)
    settled, free = search_labelings([space], rows, strategy, Draws(0))
    assert settled.n_restarts == free.n_restarts == 1
    assert not torch.equal(settled.weights[0], free.weights[0])
