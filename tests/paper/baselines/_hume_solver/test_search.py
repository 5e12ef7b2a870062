"""The search of a seed against a literal rendering of the method."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from sklearn_turtle._solver import Draws, FeatureSpace, Observer
from sklearn_turtle.paper.baselines._hume_solver import Settings, search_labeling
from sklearn_turtle.paper.baselines._hume_solver._search import subset_loss
from sklearn_turtle.paper.baselines._hume_solver._sparsemax import sparsemax

N, WIDTHS, C = 30, (6, 5), 3


def settings(**changes):
    return Settings(
        **{
            "n_clusters": C,
            "gamma": 10.0,
            "temperature": 0.1,
            "max_iter": 4,
            "n_subsets": 2,
            "subset_size": 20,
            "validation_fraction": 0.25,
            "inner_steps": 9,
            "inner_lr": 0.5,
            "inner_start": "cold",
            "outer_lr": 0.05,
            "max_grad_norm": 1.0,
            "annealing_steps": (2, 3),
        }
        | changes
    )


@pytest.fixture(scope="module")
def features():
    generator = torch.Generator().manual_seed(0)
    return [2 * torch.randn(N, width, generator=generator) for width in WIDTHS]


def literal_loss(labels, x, layer, n_train, chosen):
    """Eq. 7, with a torch layer that is trained under autograd's eyes."""
    weight, bias = layer
    for _ in range(chosen.inner_steps):
        loss = cross_entropy(x[:n_train] @ weight.T + bias, labels[:n_train])
        slopes = torch.autograd.grad(loss, (weight, bias), create_graph=True)
        weight, bias = (
            p - chosen.inner_lr * s for p, s in zip((weight, bias), slopes, strict=True)
        )
    mean = labels.mean(0)
    entropy = -(mean * mean.clamp_min(1e-30).log()).sum()
    validation = cross_entropy(x[n_train:] @ weight.T + bias, labels[n_train:])
    return validation - chosen.gamma * entropy


def literal_search(features, chosen, draws):
    """The released loop, written down with torch's own parts."""
    phi1, phi2 = features
    base = draws.rotation(WIDTHS[0])
    encoder = nn.utils.parametrizations.orthogonal(
        nn.Linear(WIDTHS[0], C, bias=False), orthogonal_map="householder"
    )
    encoder.parametrizations.weight[0].base = base
    optimizer = torch.optim.Adam(encoder.parameters(), lr=chosen.outer_lr)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, chosen.annealing_steps, gamma=0.1)
    fixed = draws.classifier(0, WIDTHS[1], C)
    losses = []
    for _ in range(chosen.max_iter):
        temperature = chosen.temperature * scheduler.get_last_lr()[0] / chosen.outer_lr
        optimizer.zero_grad()
        total = 0
        for _ in range(chosen.n_subsets):
            rows = draws.permutation(N)[: chosen.subset_size]
            weight, bias = (
                draws.classifier(0, WIDTHS[1], C) if chosen.inner_start == "cold" else fixed
            )
            layer = weight.T.clone().requires_grad_(), bias.clone().requires_grad_()
            labels = sparsemax(encoder(normalize(phi1[rows])) / temperature)
            loss = literal_loss(labels, phi2[rows], layer, 15, chosen)
            (loss / chosen.n_subsets).backward()
            total += loss.item()
        nn.utils.clip_grad_norm_(encoder.parameters(), chosen.max_grad_norm)
        optimizer.step()
        scheduler.step()
        losses.append(total / chosen.n_subsets)
    return encoder.weight.detach(), torch.tensor(losses)


@pytest.mark.parametrize("inner_start", ["cold", "fixed"])
def test_search_is_the_literal_one(features, inner_start):
    chosen = settings(inner_start=inner_start)
    with torch.random.fork_rng():  # torch draws a base, which is then replaced
        expected = literal_search(features, chosen, Draws(3))
    spaces = [FeatureSpace(of_space) for of_space in features]
    found = search_labeling(spaces[0], spaces[1:], chosen, Draws(3), Observer())
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_hypergradient_against_finite_differences(features):
    generator = torch.Generator().manual_seed(1)
    z, x = normalize(features[0].double()), features[1].double()
    weight = torch.randn(C, WIDTHS[0], dtype=torch.float64, generator=generator)
    start = torch.randn(C, WIDTHS[1] + 1, dtype=torch.float64, generator=generator)
    assert torch.autograd.gradcheck(
        lambda weight: subset_loss(weight, z, [x], [start], 20, 0.5, settings()),
        weight.requires_grad_(),
    )


def test_judges_add_up(features):
    generator = torch.Generator().manual_seed(1)
    z, x = normalize(features[0]), features[1]
    weight = torch.randn(C, WIDTHS[0], generator=generator)
    starts = [torch.randn(C, WIDTHS[1] + 1, generator=generator) for _ in range(2)]
    no_entropy = settings(gamma=0.0)

    def loss(*starts):
        return subset_loss(weight, z, [x] * len(starts), starts, 20, 0.5, no_entropy)

    torch.testing.assert_close(loss(*starts), loss(starts[0]) + loss(starts[1]))


def test_loss_falls(features):
    spaces = [FeatureSpace(of_space) for of_space in features]
    chosen = settings(max_iter=40, annealing_steps=())
    _, losses = search_labeling(spaces[0], spaces[1:], chosen, Draws(0), Observer())
    assert losses[-10:].mean() < losses[:10].mean() - 0.05


def test_divergence_is_told(features):
    spaces = [FeatureSpace(features[0]), FeatureSpace(features[1] * torch.inf)]
    with pytest.raises(ValueError, match="diverged"):
        search_labeling(spaces[0], spaces[1:], settings(), Draws(0), Observer())
