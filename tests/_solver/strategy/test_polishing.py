import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, LinearModel, Strategy, restart_labels
from sklearn_turtle._solver.rows._view import View
from sklearn_turtle._solver.strategy import _polishing
from sklearn_turtle._solver.strategy._polishing import polish
from tests.support.settings import solver_settings


def blobs(sizes, n_features=24):
    """A space of clusters of given sizes, their centers, and the cluster of each row."""
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    centers = torch.randn(len(sizes), n_features, generator=generator) * 4
    x = centers[y] + torch.randn(len(y), n_features, generator=generator)
    x -= x.mean(0)
    return FeatureSpace(x, scale=400 / x.abs().sum(1).mean().item()), centers, y


def test_a_blurred_labeling_is_repaired():
    space, centers, y = blobs([60] * 5)
    blur = torch.randn(24, 5, generator=torch.Generator().manual_seed(1)) * 12
    blurred = LinearModel([(centers.T + blur) / 4000], [torch.zeros(5)], 5)
    search = solver_settings(5, n_restarts=8, batch_size=200)
    strategy = Strategy(search, polish_iter=60, sizes_known=False, n_components=None, n_neighbors=0)
    solution = polish(blurred, View([space], [1.0]), strategy, Draws(0))
    assert (restart_labels(blurred, [space])[0] == y).double().mean() < 0.95
    assert (restart_labels(solution.model, [space])[0] == y).double().mean() > 0.99
    assert solution.losses.shape == (60, 1)


@pytest.mark.parametrize(
    ("log_prior", "sizes_known", "gamma", "inner_steps"),
    [
        (None, False, 1.0, 1),
        (None, True, 10.0, 1),
        (torch.tensor([0.7, 0.3]).log(), True, 10.0, 2),
    ],
    ids=["unknown sizes", "equal sizes", "unequal sizes"],
)
def test_known_sizes_keep_their_weight(monkeypatch, log_prior, sizes_known, gamma, inner_steps):
    taken = []
    monkeypatch.setattr(_polishing, "solve", lambda *args, **options: taken.append((args, options)))
    search = solver_settings(2, n_restarts=8, log_prior=log_prior)
    start = LinearModel([torch.eye(2)], [torch.zeros(2)], 2)
    strategy = Strategy(
        search, polish_iter=7, sizes_known=sizes_known, n_components=None, n_neighbors=0
    )
    polish(start, View([], []), strategy, Draws(0))
    (((_, settings, _), options),) = taken
    assert options["initial"] is start
    assert (settings.gamma, settings.inner_steps) == (gamma, inner_steps)
    assert (settings.max_iter, settings.n_restarts) == (7, 1)
    assert settings.outer_lr < search.outer_lr
    assert settings.log_prior is log_prior
