"""Sparsemax: probabilities that can be exactly zero."""

import torch


def sparsemax(scores: torch.Tensor) -> torch.Tensor:
    """Project each row of scores onto the probability simplex.

    ``sparsemax(z) = max(z - threshold, 0)``, with the threshold for which the sum is 1. autograd
    derives the Jacobian from these operations: ``I - 1 1' / |S|`` on the support ``S`` of the
    result, and 0 elsewhere.

    Parameters
    ----------
    scores : tensor of shape (..., C)
        Scores.

    Returns
    -------
    tensor of shape (..., C)
        Each row sums to 1.

    References
    ----------
    A. Martins, R. Astudillo, "From Softmax to Sparsemax: A Sparse Model of Attention and
    Multi-Label Classification", ICML 2016, Algorithm 1.
    """
    # Adding a constant to a row does not change the result. With large scores, the 1 below would
    # be lost to rounding.
    scores = scores - scores.detach().amax(-1, keepdim=True)
    ordered = scores.sort(-1, descending=True).values
    ranks = torch.arange(1, scores.shape[-1] + 1, dtype=scores.dtype, device=scores.device)
    excess = ordered.cumsum(-1) - 1
    n_support = (ranks * ordered > excess).sum(-1, keepdim=True)
    threshold = excess.gather(-1, n_support - 1) / n_support
    return (scores - threshold).relu()
