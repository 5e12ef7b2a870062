"""The state of a stream between two chunks, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from sklearn_turtle._input._conversion import as_tensor, to_numpy
from sklearn_turtle._input._scaling import Standardization
from sklearn_turtle._solver import ALONE, FeatureSpace, Settings, TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace


@dataclass(frozen=True)
class StreamState:
    """The state that carries over from one chunk to the next, beside the fitted labeling.

    It holds no tensor: a pickle from a GPU can be read on any machine, and the next chunk runs on
    the device that the estimator has then. An estimator keeps it as a plain dict, so that skops
    need not trust one more type.

    Attributes
    ----------
    shifts : list of (ndarray of shape (n_features,) or None)
    scales : list of float
        The :class:`Standardization` of each space, from the first chunk.
    encoder : list of ndarray
        The restarts and the state of their optimizer, from :meth:`TaskEncoder.state`.
    n_restarts : int
        Number of restarts.
    seed : int
        Seed of the draws of the next chunk.
    """

    shifts: list[np.ndarray | None]
    scales: list[float]
    encoder: list[np.ndarray]
    n_restarts: int
    seed: int

    @classmethod
    def of(cls, spaces: Sequence[FeatureSpace], encoder: TaskEncoder, seed: int) -> StreamState:
        """The state after a chunk."""
        return cls(
            [None if space.shift is None else to_numpy(space.shift) for space in spaces],
            [float(space.scale) for space in spaces],
            [to_numpy(tensor) for tensor in encoder.state()],
            encoder.n_restarts,
            seed,
        )

    @classmethod
    def read(cls, estimator: Any) -> StreamState | None:
        """The state of an estimator; None if no chunk has come, or a fit after it."""
        return cls(**estimator._stream_) if hasattr(estimator, "_stream_") else None

    @property
    def attributes(self) -> dict[str, Any]:
        """The fitted attributes of an estimator with this state."""
        return {"_stream_": dict(vars(self))}

    @property
    def standardizations(self) -> list[Standardization]:
        """The standardization of each space."""
        return [
            Standardization(shift, scale)
            for shift, scale in zip(self.shifts, self.scales, strict=True)
        ]

    def task_encoder(self, spaces: Sequence[FeatureSpace], settings: Settings) -> TaskEncoder:
        """The restarts on the device of the next chunk; changing them does not change this state.

        Parameters
        ----------
        spaces : list of FeatureSpace
            The rows of the next chunk.
        settings : Settings
            Settings of the steps.

        Returns
        -------
        TaskEncoder
        """
        device, n_outputs = spaces[0].device, self.n_restarts * settings.n_clusters
        bias = torch.zeros(n_outputs, dtype=settings.dtype, device=device)
        encoder = TaskEncoder(
            [(bias.expand(space.n_features, -1), bias) for space in spaces],
            n_clusters=settings.n_clusters,
            lr=settings.outer_lr,
            dtype=settings.dtype,
            workspace=Workspace(device),
            device=device,
            processes=ALONE,
        )
        for tensor, array in zip(encoder.state(), self.encoder, strict=True):
            tensor.copy_(as_tensor(array))
        return encoder
