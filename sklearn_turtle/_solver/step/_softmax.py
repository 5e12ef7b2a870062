"""Softmax over clusters, of few clusters too."""

import torch

# On CPUs, torch computes the softmax of a row with vector instructions, which a shorter row than a
# vector register does not fill: up to so many clusters, whole tensors at a time are several times
# faster.
FEW_CLUSTERS = 16


def softmax(logits, out):
    """Softmax over the last dimension, written to ``out``."""
    if not _by_whole_tensors(logits):
        return torch.softmax(logits, -1, out=out)
    torch.sub(logits, logits.amax(-1, keepdim=True), out=out).exp_()
    return out.div_(out.sum(-1, keepdim=True))


def log_softmax(logits, out):
    """Logarithm of the softmax over the last dimension, written to ``out``."""
    if not _by_whole_tensors(logits):
        return torch.log_softmax(logits, -1, out=out)
    torch.sub(logits, logits.amax(-1, keepdim=True), out=out)
    return out.sub_(out.exp().sum(-1, keepdim=True).log_())


def _by_whole_tensors(logits):
    return logits.device.type == "cpu" and logits.shape[-1] <= FEW_CLUSTERS
