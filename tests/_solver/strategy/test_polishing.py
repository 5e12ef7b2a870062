import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, LinearModel, restart_labels
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
    blur = torch.randn(24, 5, generator=torch.Generator().manual_seed(1)) * 4
    blurred = LinearModel([(centers.T + blur) / 4000], [torch.zeros(5)], 5)
    search = solver_settings(5, n_restarts=8, batch_size=200)
    solution = polish(blurred, [space], search, Draws(0), n_iter=30, sizes_known=False)
    assert (restart_labels(blurred, [space])[0] == y).double().mean() < 0.95
    assert (restart_labels(solution.model, [space])[0] == y).double().mean() > 0.99
    assert solution.losses.shape == (30, 1)


@pytest.mark.parametrize("prior", [None, [0.7, 0.1, 0.1, 0.1]], ids=["equal", "unequal"])
def test_known_sizes_hold_more_firmly(prior):
    space, _, y = blobs([600] + 3 * [60])
    generator = torch.Generator().manual_seed(0)
    start = LinearModel([torch.randn(24, 4, generator=generator) / 400], [torch.zeros(4)], 4)
    wanted = torch.full((4,), 0.25) if prior is None else torch.tensor(prior)
    search = solver_settings(
        4, batch_size=500, log_prior=None if prior is None else wanted.log()
    )

    def distance(sizes_known):
        model = polish(
            start, [space], search, Draws(0), n_iter=150, sizes_known=sizes_known
        ).model
        shares = restart_labels(model, [space])[0].long().bincount(minlength=4) / len(y)
        return (shares.sort(descending=True).values - wanted).abs().sum()

    assert distance(True) < distance(False)
