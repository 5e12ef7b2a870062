"""Sparsemax: probabilities of which many are exactly zero."""

import torch


def sparsemax(scores):
    """Project each row of scores onto the probability simplex.

    ``sparsemax(z) = max(z - threshold, 0)``, with the threshold that makes the sum 1. autograd
    finds the Jacobian from these operations: on the support ``S`` of the result it is
    ``I - 1 1' / |S|``, elsewhere 0.

    Parameters
    ----------
    scores : tensor of shape (..., C)
        Scores.

    Returns
    -------
    tensor of shape (..., C)
        Rows sum to 1.

    References
    ----------
    A. Martins, R. Astudillo, "From Softmax to Sparsemax: A Sparse Model of Attention and
    Multi-Label Classification", ICML 2016, Algorithm 1.
    """
    # a constant added to a row changes nothing: large scores would swallow the 1 below
    scores = scores - scores.detach().amax(-1, keepdim=True)
    ordered = scores.sort(-1, descending=True).values
    ranks = torch.arange(1, scores.shape[-1] + 1, dtype=scores.dtype, device=scores.device)
    excess = ordered.cumsum(-1) - 1
    n_support = (ranks * ordered > excess).sum(-1, keepdim=True)
    threshold = excess.gather(-1, n_support - 1) / n_support
    return (scores - threshold).relu()
