from dataclasses import replace

import pytest
import torch

from sklearn_turtle._solver import Draws
from sklearn_turtle._solver.rows._view import View
from sklearn_turtle._solver.strategy._restarts import train_restarts, train_together
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings

SEARCH = solver_settings(4, n_restarts=3, max_iter=6, batch_size=50)


@pytest.fixture(scope="module")
def view():
    return View(feature_spaces(), [0.7, 0.3])


def test_groups_of_restarts_lie_side_by_side(view, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.GROUP_VALUES", 1)
    restarts = train_restarts(view, SEARCH, Draws(0))
    assert restarts.model.n_restarts == 3
    assert [of_group.shape for of_group in restarts.losses] == 3 * [(6, 1)]
    assert not restarts.stopped


def test_searches_that_are_trained_together_are_those_trained_alone(view):
    searches = [SEARCH, replace(SEARCH, gamma=1.0), replace(SEARCH, outer_lr=0.03)]
    together = train_together(view, searches, Draws(0))
    for search, found in zip(searches, together, strict=True):
        alone = train_restarts(view, search, Draws(0))
        torch.testing.assert_close(found.losses[0], alone.losses[0], rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(found.model.weights, alone.model.weights, rtol=1e-2, atol=1e-4)


def test_restarts_follow_the_weights_of_the_spaces(view):
    equal = View(view.spaces, [0.5, 0.5])
    first, second = (train_restarts(one, SEARCH, Draws(0)).losses[0] for one in (view, equal))
    assert not torch.allclose(first, second)
