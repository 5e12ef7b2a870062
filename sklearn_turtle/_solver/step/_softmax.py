"""Softmax over clusters, fast for few clusters too."""

import torch

# On CPUs, torch computes the softmax of a row with vector instructions, which leaves registers
# empty if the row is short. Up to this many clusters, operations on whole tensors are several times
# faster.
FEW_CLUSTERS = 16


def softmax(logits: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Softmax over the last dimension, written to ``out``."""
    if not _by_whole_tensors(logits):
        return torch.softmax(logits, -1, out=out)
    torch.sub(logits, logits.amax(-1, keepdim=True), out=out).exp_()
    return out.div_(out.sum(-1, keepdim=True))


def log_softmax(logits: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Logarithm of the softmax over the last dimension, written to ``out``."""
    if not _by_whole_tensors(logits):
        return torch.log_softmax(logits, -1, out=out)
    torch.sub(logits, logits.amax(-1, keepdim=True), out=out)
    return out.sub_(out.exp().sum(-1, keepdim=True).log_())


def _by_whole_tensors(logits: torch.Tensor) -> bool:
    return logits.device.type == "cpu" and logits.shape[-1] <= FEW_CLUSTERS
