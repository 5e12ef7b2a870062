"""The inner problem: train a linear classifier by gradient descent, with its exact derivative."""

from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.function import once_differentiable


def train_classifier(
    features: torch.Tensor, labels: torch.Tensor, weight: torch.Tensor, *, n_steps: int, lr: float
) -> torch.Tensor:
    """Train a linear classifier by gradient descent on the mean soft-label cross-entropy.

    Each step is ``W <- W - lr * (P - Y)' X / B`` with ``P = softmax(X W')``. The result is
    differentiable in the initial weight and in the labels, through all steps.

    Parameters
    ----------
    features : tensor of shape (B, d)
        Features, X.
    labels : tensor of shape (B, C)
        Soft labels, Y. Each row sums to 1. The derivative is exact only for changes that
        preserve these sums.
    weight : tensor of shape (C, d)
        Initial weight, W.
    n_steps : int
        Number of steps, at least 1.
    lr : float
        Learning rate.

    Returns
    -------
    tensor of shape (C, d)
    """
    descend: Callable[..., torch.Tensor] = _Descent.apply
    return descend(features, labels, weight, n_steps, lr)


class _Descent(torch.autograd.Function):
    """Gradient descent with a backward pass that recomputes each step.

    Only the weights of the steps are stored, not the activations of the rows. For ten clusters
    and 9000 rows, 300 steps take a few megabytes; the tape of autograd would take hundreds.

    The arrays have the shape (C, B), clusters first: with few clusters, softmax is much faster
    across rows of memory than along them.
    """

    @staticmethod
    def forward(
        ctx: Any,
        features: torch.Tensor,
        labels: torch.Tensor,
        weight: torch.Tensor,
        n_steps: int,
        lr: float,
    ) -> torch.Tensor:
        across = features.T.contiguous()
        labels = labels.T.contiguous()
        rate = lr / len(features)
        weights = []
        for _ in range(n_steps):
            weights.append(weight)
            residual = (weight @ across).softmax(0).sub_(labels)
            weight = torch.addmm(weight, residual, features, alpha=-rate)
        ctx.save_for_backward(features, across, *weights)
        ctx.rate = rate
        return weight

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        features, across, *weights = ctx.saved_tensors
        total = torch.zeros_like(slope)
        for weight in reversed(weights):
            # A step is W - rate * (P - Y)' X. Backwards through it, a slope S adds rate * X S' to
            # the slope of Y. The slope of W becomes S - rate * (J v)' X, with v = X S' and
            # J = diag(p) - p p' for each row.
            total += slope
            scores, v = (torch.cat([weight, slope]) @ across).chunk(2)
            p = scores.softmax(0)
            change = p * (v - (p * v).sum(0))
            slope = torch.addmm(slope, change, features, alpha=-ctx.rate)
        return None, ctx.rate * (total @ across).T, slope, None, None
