"""The optimization of a seed, compared with a literal implementation."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle.paper.baselines._hume_solver import optimize_labeling
from sklearn_turtle.paper.baselines._hume_solver._sparsemax import sparsemax
from tests.support.hume_settings import hume_settings

N, WIDTHS, C = 30, (6, 5), 3
N_TRAIN = 15


@pytest.fixture(scope="module")
def features():
    generator = torch.Generator().manual_seed(0)
    return [2 * torch.randn(N, width, generator=generator) for width in WIDTHS]


def optimize(features, settings, seed, after_step=lambda loss: None):
    spaces = [FeatureSpace(of_space) for of_space in features]
    return optimize_labeling(spaces[0], spaces[1:], settings, Draws(seed), after_step)


def literal_loss(labels, x, layer, settings):
    """Compute Eq. 7, with a layer that is trained on the tape of autograd."""
    weight, bias = layer
    for _ in range(settings.inner_steps):
        loss = cross_entropy(x[:N_TRAIN] @ weight.T + bias, labels[:N_TRAIN])
        slopes = torch.autograd.grad(loss, (weight, bias), create_graph=True)
        weight, bias = (
            p - settings.inner_lr * s for p, s in zip((weight, bias), slopes, strict=True)
        )
    mean = labels.mean(0)
    entropy = -(mean * mean.clamp_min(1e-30).log()).sum()
    validation = cross_entropy(x[N_TRAIN:] @ weight.T + bias, labels[N_TRAIN:])
    return validation - settings.gamma * entropy


def literal_optimization(features, settings, draws):
    """Run the loop of the released code, built from modules of torch."""
    phi1, phi2 = features
    base = draws.rotation(WIDTHS[0])
    encoder = nn.utils.parametrizations.orthogonal(
        nn.Linear(WIDTHS[0], C, bias=False), orthogonal_map="householder"
    )
    encoder.parametrizations.weight[0].base = base
    optimizer = torch.optim.Adam(encoder.parameters(), lr=settings.outer_lr)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, settings.annealing_steps, gamma=0.1)
    fixed = draws.classifier(0, WIDTHS[1], C)
    losses = []
    for _ in range(settings.max_iter):
        temperature = settings.temperature * scheduler.get_last_lr()[0] / settings.outer_lr
        optimizer.zero_grad()
        total = 0
        for _ in range(settings.n_subsets):
            rows = draws.permutation(N)[: settings.subset_size]
            weight, bias = (
                draws.classifier(0, WIDTHS[1], C) if settings.inner_start == "cold" else fixed
            )
            layer = weight.T.clone().requires_grad_(), bias.clone().requires_grad_()
            labels = sparsemax(encoder(normalize(phi1[rows])) / temperature)
            loss = literal_loss(labels, phi2[rows], layer, settings)
            (loss / settings.n_subsets).backward()
            total += loss.item()
        nn.utils.clip_grad_norm_(encoder.parameters(), settings.max_grad_norm)
        optimizer.step()
        scheduler.step()
        losses.append(total / settings.n_subsets)
    return encoder.weight.detach(), torch.tensor(losses)


@pytest.mark.parametrize("inner_start", ["cold", "fixed"])
def test_matches_the_literal_optimization(features, inner_start):
    settings = hume_settings(inner_start=inner_start)
    with torch.random.fork_rng():  # torch draws a base, which is then replaced
        expected = literal_optimization(features, settings, Draws(3))
    found = optimize(features, settings, seed=3)
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_loss_decreases(features):
    _, losses = optimize(features, hume_settings(max_iter=40, annealing_steps=()), seed=0)
    assert losses[-10:].mean() < losses[:10].mean() - 0.05


def test_each_loss_is_reported(features):
    reported = []
    _, losses = optimize(features, hume_settings(), 0, lambda loss: reported.append(loss.item()))
    assert reported == losses.tolist()


def test_divergence_is_an_error(features):
    with pytest.raises(ValueError, match="diverged"):
        optimize([features[0], features[1] * torch.inf], hume_settings(), seed=0)
