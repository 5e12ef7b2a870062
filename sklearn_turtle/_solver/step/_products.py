"""The matrix products of a step, in the dtype of the mini-batch.

Parameters, probabilities and gradients are float32 (or float64). Only the factors and the results
of the products are narrowed to the dtype of the mini-batch, which may be bfloat16.
"""

import torch

from sklearn_turtle._solver.step._workspace import Workspace


def logits(
    z: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, n_clusters: int, workspace: Workspace
) -> torch.Tensor:
    """``z @ weight + bias`` of a mini-batch ``z`` (B, d), of shape (B, R, C).

    The result lies in the workspace and is valid until the next call.
    """
    shape = (len(z), weight.shape[1])
    product = workspace("product", shape, z.dtype)
    torch.addmm(_narrow(bias, z, workspace), z, _narrow(weight, z, workspace), out=product)
    if z.dtype != weight.dtype:
        product = workspace("logits", shape, weight.dtype).copy_(product)
    # one of several processes may hold no row of a mini-batch, which makes -1 ambiguous
    return product.view(len(z), weight.shape[1] // n_clusters, n_clusters)


def write_gradient(
    z: torch.Tensor,
    to_logits: torch.Tensor,
    to_weight: torch.Tensor,
    to_bias: torch.Tensor,
    workspace: Workspace,
) -> None:
    """Write the gradients of weight and bias, given those of the logits, (B, R, C)."""
    to_logits = to_logits.view(len(z), to_weight.shape[1])
    torch.sum(to_logits, 0, out=to_bias)
    if z.dtype == to_weight.dtype:
        torch.mm(z.T, to_logits, out=to_weight)
    else:
        product = workspace("gradient", to_weight.shape, z.dtype)
        # the memory of the product of the logits is free: it has been widened
        torch.mm(z.T, _narrow(to_logits, z, workspace, "product"), out=product)
        to_weight.copy_(product)


def _narrow(
    factor: torch.Tensor, z: torch.Tensor, workspace: Workspace, name: str = "factor"
) -> torch.Tensor:
    if factor.dtype == z.dtype:
        return factor
    return workspace(name, factor.shape, z.dtype).copy_(factor)
