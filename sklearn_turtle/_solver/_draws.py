"""All randomness of a fit."""

import math

import torch


class Draws:
    """Random initial weights and mini-batches, from a generator of their own.

    The generator lives on the host whatever the device of the fit is, so that a seed stands
    for the same draws everywhere.

    Parameters
    ----------
    seed : int
        Seed of the generator.
    """

    def __init__(self, seed):
        self._weights = torch.Generator().manual_seed(seed)
        # mini-batches may be drawn ahead, which must not change the weights
        self._rows = torch.Generator().manual_seed(seed + 1)

    def task_encoder(self, space, n_features, n_outputs):
        """Initial weight (n_features, n_outputs) and bias (n_outputs,) of a task encoder."""
        return self._linear(n_features, n_outputs)

    def classifier(self, space, n_features, n_outputs):
        """Initial weight (n_features, n_outputs) and bias (n_outputs,) of a classifier."""
        return self._linear(n_features, n_outputs)

    def rotation(self, n_features):
        """Random orthogonal matrix (n_features, n_features)."""
        normal = torch.empty(n_features, n_features).normal_(generator=self._weights)
        return torch.linalg.qr(normal).Q

    def rows(self, n_samples, batch_size):
        """Indices of a mini-batch drawn without replacement; None stands for all rows."""
        if batch_size >= n_samples:
            return None
        return torch.randperm(n_samples, generator=self._rows)[:batch_size]

    def _linear(self, n_features, n_outputs):
        bound = 1 / math.sqrt(n_features)
        weight = torch.empty(n_features, n_outputs)
        bias = torch.empty(n_outputs)
        for tensor in (weight, bias):
            tensor.uniform_(-bound, bound, generator=self._weights)
        return weight, bias
