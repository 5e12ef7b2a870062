"""The matrix products of a step, in the dtype of the mini-batch.

Parameters, probabilities and gradients are float32 (or float64) throughout; only the factors and
the results of the products are narrowed to the dtype of the mini-batch, which may be bfloat16.
"""

import torch


def logits(z, weight, bias, n_clusters):
    """``z @ weight + bias`` of a mini-batch ``z`` (B, d), a tensor of shape (B, R, C)."""
    product = torch.addmm(bias.to(z.dtype), z, weight.to(z.dtype))
    return product.view(len(z), -1, n_clusters)


def write_gradient(z, to_logits, to_weight, to_bias):
    """Write the gradients of weight and bias, given those of the logits, (B, R, C)."""
    to_logits = to_logits.view(len(z), -1)
    torch.sum(to_logits, 0, out=to_bias)
    if z.dtype == to_weight.dtype:
        torch.mm(z.T, to_logits, out=to_weight)
    else:
        to_weight.copy_(torch.mm(z.T, to_logits.to(z.dtype)))
