"""All randomness of a fit."""

import math
from copy import deepcopy

import numpy as np
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
        self._rows = np.random.default_rng(seed + 1)

    def copy(self):
        """Draws that go on as these do."""
        draws = Draws(0)
        draws._weights.set_state(self._weights.get_state())
        draws._rows = deepcopy(self._rows)
        return draws

    def state(self):
        """State of the generator of weights, a tensor, and of that of mini-batches, a dict."""
        return self._weights.get_state(), self._rows.bit_generator.state

    def restore(self, weights, rows=None):
        """Go back to what :meth:`state` gave; with None, mini-batches go on as they are."""
        self._weights.set_state(weights)
        if rows is not None:
            self._rows.bit_generator.state = rows

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
        # unlike a permutation of all rows, this takes no longer the more rows there are
        return torch.from_numpy(
            self._rows.choice(n_samples, batch_size, replace=False, shuffle=False)
        )

    def blocks(self, n_samples, n_blocks, size):
        """First rows of blocks of ``size`` rows that do not overlap; the last one may wrap round.

        One lies at random in each of ``n_blocks`` equal parts of all rows, so that whatever the
        rows are sorted by has its share; where the parts begin is random too, so that all rows
        are equally likely.
        """
        part = n_samples / n_blocks
        within = self._rows.random(n_blocks) * (part - size)
        first = np.floor(np.arange(n_blocks) * part + within).astype(np.int64)
        return torch.from_numpy((first + self._rows.integers(n_samples)) % n_samples)

    def permutation(self, n_samples):
        """Indices of all rows, in random order."""
        return torch.from_numpy(self._rows.permutation(n_samples))

    def normal(self, shape, std):
        """Normally distributed numbers of mean 0."""
        return torch.empty(shape).normal_(0, std, generator=self._weights)

    def _linear(self, n_features, n_outputs):
        bound = 1 / math.sqrt(n_features)
        weight = torch.empty(n_features, n_outputs)
        bias = torch.empty(n_outputs)
        for tensor in (weight, bias):
            tensor.uniform_(-bound, bound, generator=self._weights)
        return weight, bias


class RepeatedDraws:
    """The same initial weights for each of several strategies, trained side by side.

    Parameters
    ----------
    draws : Draws
        Source of the draws of one strategy.
    times : int
        Number of strategies.
    """

    def __init__(self, draws, times):
        self._draws = draws
        self._times = times
        self.rows, self.blocks, self.permutation = draws.rows, draws.blocks, draws.permutation

    def task_encoder(self, space, n_features, n_outputs):
        """As for Draws; outputs of the strategies lie side by side."""
        return self._repeat(self._draws.task_encoder, space, n_features, n_outputs)

    def classifier(self, space, n_features, n_outputs):
        """As for Draws; outputs of the strategies lie side by side."""
        return self._repeat(self._draws.classifier, space, n_features, n_outputs)

    def _repeat(self, draw, space, n_features, n_outputs):
        weight, bias = draw(space, n_features, n_outputs // self._times)
        return weight.repeat(1, self._times), bias.repeat(self._times)
