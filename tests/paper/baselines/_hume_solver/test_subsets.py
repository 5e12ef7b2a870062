"""Random subsets of the rows, and the loss of a labeling on a subset."""

import pytest
import torch
from torch.nn.functional import normalize

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle.paper.baselines._hume_solver._subsets import (
    Subset,
    SubsetSource,
    subset_loss,
)
from tests.support.hume_settings import hume_settings

N, WIDTHS, C = 30, (6, 5), 3


@pytest.fixture
def features():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(N, width, generator=generator) for width in WIDTHS]


@pytest.fixture
def normal():
    generator = torch.Generator().manual_seed(1)
    return lambda *shape: torch.randn(*shape, dtype=torch.float64, generator=generator)


def test_subset_has_the_same_distinct_rows_in_all_spaces(features):
    spaces = [FeatureSpace(of_space) for of_space in features]
    subset = SubsetSource(spaces[0], spaces[1:], hume_settings(), Draws(0)).draw()
    rows = [(features[1] == x).all(1).nonzero().item() for x in subset.xs[0]]
    assert len(set(rows)) == 20
    torch.testing.assert_close(subset.z, normalize(features[0][rows]))


@pytest.mark.parametrize(("inner_start", "same"), [("fixed", True), ("cold", False)])
def test_initial_weights_of_classifiers(features, inner_start, same):
    spaces = [FeatureSpace(of_space) for of_space in features]
    settings = hume_settings(inner_start=inner_start)
    source = SubsetSource(spaces[0], spaces[1:], settings, Draws(0))
    (first,), (second,) = source.draw().initial, source.draw().initial
    assert first.shape == (C, WIDTHS[1] + 1)
    assert torch.equal(first, second) == same


def test_gradient_matches_finite_differences(features, normal):
    subset = Subset(
        normalize(features[0].double()), [features[1].double()], [normal(C, WIDTHS[1] + 1)]
    )
    assert torch.autograd.gradcheck(
        lambda weight: subset_loss(weight, subset, 0.5, hume_settings()),
        normal(C, WIDTHS[0]).requires_grad_(),
    )


def test_losses_of_classifiers_add_up(features, normal):
    z, x = normalize(features[0].double()), features[1].double()
    weight = normal(C, WIDTHS[0])
    first, second = (normal(C, WIDTHS[1] + 1) for _ in range(2))
    no_entropy = hume_settings(gamma=0.0)

    def loss(*initial):
        return subset_loss(weight, Subset(z, [x] * len(initial), list(initial)), 0.5, no_entropy)

    torch.testing.assert_close(loss(first, second), loss(first) + loss(second))
