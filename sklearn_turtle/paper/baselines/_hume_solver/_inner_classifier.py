"""The inner problem: a linear classifier trained by gradient descent, and its exact derivative."""

import torch
from torch.autograd.function import once_differentiable


def train_classifier(features, labels, weight, *, n_steps, lr):
    """Train a linear classifier by gradient descent on the mean soft-label cross-entropy.

    Each step is ``W <- W - lr * (P - Y)' X / B``, where ``P = softmax(X W')``. The result is
    differentiable in the initial weight and in the labels, through all of the steps.

    Parameters
    ----------
    features : tensor of shape (B, d)
        Features, X.
    labels : tensor of shape (B, C)
        Soft labels, Y. Rows sum to 1, and the derivative is right for changes that keep that so.
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
    return _Descent.apply(features, labels, weight, n_steps, lr)


class _Descent(torch.autograd.Function):
    """Gradient descent whose backward pass computes each step again.

    Only the weights of the steps are kept, not what a step holds for each row: 300 steps of ten
    clusters and 9000 rows fit into a few megabytes, where autograd's record takes hundreds.

    Clusters come first, (C, B): for few clusters, softmax is much faster across rows of memory
    than along them.
    """

    @staticmethod
    def forward(ctx, features, labels, weight, n_steps, lr):
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
    def backward(ctx, slope):
        features, across, *weights = ctx.saved_tensors
        total = torch.zeros_like(slope)
        for weight in reversed(weights):
            # a step is W - rate * (P - Y)' X. Backwards through it, a slope S adds rate * X S' to
            # that of Y; that of W is S - rate * (J v)' X, where v = X S' and J = diag(p) - p p'
            # for each row
            total += slope
            scores, v = (torch.cat([weight, slope]) @ across).chunk(2)
            p = scores.softmax(0)
            change = p * (v - (p * v).sum(0))
            slope = torch.addmm(slope, change, features, alpha=-ctx.rate)
        return None, ctx.rate * (total @ across).T, slope, None, None
