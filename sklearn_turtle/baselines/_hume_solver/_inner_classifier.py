"""The inner problem: a linear classifier trained by gradient descent, and its exact derivative."""

import torch
from torch.autograd.function import once_differentiable


def train_classifier(features, labels, weight, *, n_steps, lr):
    """Train a linear classifier by gradient descent on the mean soft-label cross-entropy.

    Each step is ``w <- w - lr * X' (softmax(X w) - Y) / B``. The result is differentiable in the
    labels and in the initial weight, through all of the steps.

    Parameters
    ----------
    features : tensor of shape (B, d)
        Features, X.
    labels : tensor of shape (B, C)
        Soft labels, Y: rows sum to 1.
    weight : tensor of shape (d, C)
        Initial weight.
    n_steps : int
        Number of steps.
    lr : float
        Learning rate.

    Returns
    -------
    tensor of shape (d, C)
    """
    return _Descent.apply(features, labels, weight, n_steps, lr)


class _Descent(torch.autograd.Function):
    """Gradient descent whose backward pass computes each step again.

    Only the weights of the steps are kept, not what a step holds for each row: 300 steps of ten
    clusters and 9000 rows fit into a few megabytes, where autograd's record takes hundreds.
    """

    @staticmethod
    def forward(ctx, features, labels, weight, n_steps, lr):
        rate = lr / len(features)
        weights = []
        for _ in range(n_steps):
            weights.append(weight)
            residual = (features @ weight).softmax(-1).sub_(labels)
            weight = torch.addmm(weight, features.T, residual, alpha=-rate)
        ctx.save_for_backward(features, *weights)
        ctx.rate = rate
        return weight.clone() if n_steps == 0 else weight

    @staticmethod
    @once_differentiable
    def backward(ctx, slope):
        features, *weights = ctx.saved_tensors
        rate = ctx.rate
        total = torch.zeros_like(slope)
        n_clusters = slope.shape[1]
        for weight in reversed(weights):
            total += slope
            # a step is w - rate * X' (p - Y): its derivative in Y is rate * X', in w
            # I - rate * X' J X, where J v = p * (v - p'v) for each row
            both = features @ torch.cat([weight, slope], 1)
            p, v = both[:, :n_clusters].softmax(-1), both[:, n_clusters:]
            change = p * (v - (p * v).sum(-1, keepdim=True))
            slope = torch.addmm(slope, features.T, change, alpha=-rate)
        return None, rate * (features @ total), slope, None, None
