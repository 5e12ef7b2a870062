"""The polish finds out whether clusters are of equal size."""

import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, LinearModel, Settings
from sklearn_turtle._solver._polishing import (
    FEW_CLUSTERS,
    PROBE_ITER,
    UNEQUAL_SIZES,
    _divergence_from_equal,
    polish,
)


def blobs(sizes, n_features=24):
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    centres = torch.randn(len(sizes), n_features, generator=generator) * 4
    x = centres[y] + torch.randn(len(y), n_features, generator=generator)
    x -= x.mean(0)
    return FeatureSpace(x, scale=400 / x.abs().sum(1).mean().item()), centres


def polished(sizes, n_restarts, sizes_known=False):
    space, centres = blobs(sizes)
    model = LinearModel([centres.T / 400], [torch.zeros(len(sizes))], len(sizes))
    search = Settings(len(sizes), n_restarts=n_restarts, inner_lr=0.01, batch_size=200)
    return model, *polish(
        model, [space], [space], search, Draws(0), n_iter=30, sizes_known=sizes_known
    )


def test_few_equal_clusters_are_left_as_they_were_merged():
    model, result, losses = polished([60] * 5, n_restarts=8)
    assert result.weights[0] is model.weights[0]
    assert len(losses) == PROBE_ITER


@pytest.mark.parametrize(
    ("sizes", "n_restarts"), [([60] * 5, 1), ([20] * (FEW_CLUSTERS + 1), 8)], ids=["single", "many"]
)
def test_other_equal_clusters_are_polished(sizes, n_restarts):
    model, result, losses = polished(sizes, n_restarts)
    assert result.weights[0] is not model.weights[0]
    assert len(losses) == PROBE_ITER + 30


def test_unequal_clusters_take_their_sizes():
    model, result, losses = polished([400, 100, 40, 40], n_restarts=8)
    assert result.weights[0] is not model.weights[0]
    assert len(losses) == PROBE_ITER + 30


def test_known_sizes_are_not_probed():
    _, _, losses = polished([60] * 5, n_restarts=8, sizes_known=True)
    assert len(losses) == 30


def test_divergence_from_equal_sizes():
    assert _divergence_from_equal(torch.tensor([7, 7, 7])) == pytest.approx(0, abs=1e-12)
    assert _divergence_from_equal(torch.tensor([9, 0, 0])) == pytest.approx(torch.tensor(3.0).log())
    assert _divergence_from_equal(torch.tensor([50, 25, 25])) < UNEQUAL_SIZES
