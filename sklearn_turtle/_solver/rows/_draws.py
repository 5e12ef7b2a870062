"""All randomness of a fit."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

import numpy as np
import torch


class Draws:
    """Random initial weights and mini-batches, from generators of their own.

    The generators are on the CPU for any device of the fit, so that a seed gives the same draws
    everywhere.

    Parameters
    ----------
    seed : int
        Seed of the generators.
    """

    def __init__(self, seed: int) -> None:
        self._weights = torch.Generator().manual_seed(seed)
        # a second generator: mini-batches may be drawn ahead, which must not change the weights
        self._rows = np.random.default_rng(seed + 1)

    def copy(self) -> Draws:
        """An independent copy in the same state."""
        draws = Draws(0)
        draws._weights.set_state(self._weights.get_state())
        draws._rows = deepcopy(self._rows)
        return draws

    def state(self) -> tuple[torch.Tensor, Any]:
        """State of the generator of weights (a tensor) and of that of mini-batches (a dict)."""
        return self._weights.get_state(), self._rows.bit_generator.state

    def restore(self, weights: torch.Tensor, rows: Any = None) -> None:
        """Return to a state of :meth:`state`; None leaves the generator of mini-batches as is."""
        self._weights.set_state(weights)
        if rows is not None:
            self._rows.bit_generator.state = rows

    def task_encoder(
        self, space: int, n_features: int, n_outputs: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Initial weight (n_features, n_outputs) and bias (n_outputs,) of a task encoder."""
        return self._linear(n_features, n_outputs)

    def classifier(
        self, space: int, n_features: int, n_outputs: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Initial weight (n_features, n_outputs) and bias (n_outputs,) of a classifier."""
        return self._linear(n_features, n_outputs)

    def rotation(self, n_features: int) -> torch.Tensor:
        """Random orthogonal matrix (n_features, n_features)."""
        normal = torch.empty(n_features, n_features).normal_(generator=self._weights)
        rotation: torch.Tensor = torch.linalg.qr(normal).Q
        return rotation

    def rows(self, n_samples: int, batch_size: int) -> torch.Tensor | None:
        """Indices of a mini-batch drawn without replacement; None stands for all rows."""
        if batch_size >= n_samples:
            return None
        # the time of this does not depend on n_samples, unlike that of a permutation
        return torch.from_numpy(
            self._rows.choice(n_samples, batch_size, replace=False, shuffle=False)
        )

    def blocks(self, n_samples: int, n_blocks: int, size: int) -> torch.Tensor:
        """First rows of disjoint blocks of ``size`` rows; the last one may wrap around.

        The rows are divided into ``n_blocks`` equal parts, with one block at a random place in
        each. A mini-batch then has rows from everywhere, in whatever order the rows are sorted. The
        start of the first part is random as well, so that all rows are equally likely.
        """
        part = n_samples / n_blocks
        within = self._rows.random(n_blocks) * (part - size)
        first = np.floor(np.arange(n_blocks) * part + within).astype(np.int64)
        return torch.from_numpy((first + self._rows.integers(n_samples)) % n_samples)

    def permutation(self, n_samples: int) -> torch.Tensor:
        """Indices of all rows, in random order."""
        return torch.from_numpy(self._rows.permutation(n_samples))

    def normal(self, shape: tuple[int, ...], std: float) -> torch.Tensor:
        """Normally distributed numbers of mean 0."""
        return torch.empty(shape).normal_(0, std, generator=self._weights)

    def _linear(self, n_features: int, n_outputs: int) -> tuple[torch.Tensor, torch.Tensor]:
        bound = 1 / math.sqrt(n_features)
        weight = torch.empty(n_features, n_outputs)
        bias = torch.empty(n_outputs)
        for tensor in (weight, bias):
            tensor.uniform_(-bound, bound, generator=self._weights)
        return weight, bias


class RepeatedDraws(Draws):
    """The same initial weights for each of several strategies that are trained side by side.

    Parameters
    ----------
    draws : Draws
        Source of the draws of one strategy; its state advances.
    times : int
        Number of strategies.
    """

    def __init__(self, draws: Draws, times: int) -> None:
        self._weights, self._rows = draws._weights, draws._rows
        self._times = times

    def _linear(self, n_features: int, n_outputs: int) -> tuple[torch.Tensor, torch.Tensor]:
        weight, bias = super()._linear(n_features, n_outputs // self._times)
        return weight.repeat(1, self._times), bias.repeat(self._times)
