"""Sparsemax: the projection onto the probability simplex, and its derivative."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from sklearn_turtle.paper.baselines._hume_solver._sparsemax import sparsemax


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.5, 0.3, -2.0], [0.6, 0.4, 0.0]),  # threshold (0.8 - 1) / 2
        ([3.0, 1.0, 0.0], [1.0, 0.0, 0.0]),  # threshold 2
        ([1.0, 1.0, 1.0], [1 / 3, 1 / 3, 1 / 3]),
        ([0.1, 0.2, 0.3], [0.1 + 0.4 / 3, 0.2 + 0.4 / 3, 0.3 + 0.4 / 3]),  # all in the support
        ([7.0], [1.0]),
    ],
)
def test_by_hand(scores, expected):
    result = sparsemax(torch.tensor(scores, dtype=torch.float64))
    torch.testing.assert_close(result, torch.tensor(expected, dtype=torch.float64))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_threshold_is_the_root(scores):
    scores = torch.tensor(scores, dtype=torch.float64)

    def total(threshold):
        return (scores - threshold).clamp_min(0).sum().item() - 1

    # for a single score, the root is its value minus 1, which must lie inside the bracket
    threshold = brentq(total, scores.min().item() - 2, scores.max().item(), xtol=1e-12)
    torch.testing.assert_close(
        sparsemax(scores), (scores - threshold).clamp_min(0), atol=1e-9, rtol=0
    )


def test_large_scores_keep_their_differences():
    scores = torch.tensor([[1e6 + 0.25, 1e6, 0.0]])
    torch.testing.assert_close(sparsemax(scores), torch.tensor([[0.625, 0.375, 0.0]]))


def test_jacobian():
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(20, 5, dtype=torch.float64, generator=generator, requires_grad=True)
    assert ((sparsemax(scores) > 0).sum(-1).unique() > 1).any()
    assert torch.autograd.gradcheck(sparsemax, scores)


def test_jacobian_on_the_support():
    of_scores = torch.autograd.functional.jacobian(sparsemax, torch.tensor([0.5, 0.3, -2.0]))
    expected = torch.tensor([[0.5, -0.5, 0.0], [-0.5, 0.5, 0.0], [0.0, 0.0, 0.0]])
    torch.testing.assert_close(of_scores, expected)
