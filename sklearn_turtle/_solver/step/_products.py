"""The matrix products of a step, in the dtype of the mini-batch.

Parameters, probabilities and gradients are float32 (or float64) throughout; only the factors and
the results of the products are narrowed to the dtype of the mini-batch, which may be bfloat16.
"""

import torch


def logits(z, weight, bias, n_clusters, workspace):
    """``z @ weight + bias`` of a mini-batch ``z`` (B, d), a tensor of shape (B, R, C).

    It lies in the workspace, and holds until the next call.
    """
    shape = (len(z), weight.shape[1])
    product = workspace("product", shape, z.dtype)
    torch.addmm(_narrow(bias, z, workspace), z, _narrow(weight, z, workspace), out=product)
    if z.dtype != weight.dtype:
        product = workspace("logits", shape, weight.dtype).copy_(product)
    # of several processes, one may hold no row of a mini-batch: -1 would be ambiguous
    return product.view(len(z), weight.shape[1] // n_clusters, n_clusters)


def write_gradient(z, to_logits, to_weight, to_bias, workspace):
    """Write the gradients of weight and bias, given those of the logits, (B, R, C)."""
    to_logits = to_logits.view(len(z), to_weight.shape[1])
    torch.sum(to_logits, 0, out=to_bias)
    if z.dtype == to_weight.dtype:
        torch.mm(z.T, to_logits, out=to_weight)
    else:
        product = workspace("gradient", to_weight.shape, z.dtype)
        # the product of the logits has been widened, and nobody reads it any more
        torch.mm(z.T, _narrow(to_logits, z, workspace, "product"), out=product)
        to_weight.copy_(product)


def _narrow(factor, z, workspace, name="factor"):
    if factor.dtype == z.dtype:
        return factor
    return workspace(name, factor.shape, z.dtype).copy_(factor)
