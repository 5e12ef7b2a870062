"""Predict labels and probabilities of checked spaces, chunk by chunk."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch

from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input._torch_defaults import with_torch_defaults

LABEL_DTYPE = np.dtype(np.int32)


class Labeling(Protocol):
    """Gives each row the probabilities of clusters: a FittedLinearModel, or an edited one."""

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""

    @property
    def device(self) -> Any:
        """Device of predictions; the CPU is used if it is unavailable."""

    def for_each_chunk(self, spaces: Spaces, write: Callable[[slice, torch.Tensor], None]) -> None:
        """Compute the probabilities of all rows, chunk by chunk.

        Parameters
        ----------
        spaces : Spaces
            The rows.
        write : callable
            Called as ``write(rows, probabilities)`` with a slice of rows and their probabilities,
            of shape (n_rows, n_clusters).

        Raises
        ------
        ValueError
            If rows hold NaN, infinity, or values too large for products with the coefficients.
        """


@with_torch_defaults
def predict_probabilities(model: Labeling, spaces: Spaces, *, out: Any = None) -> Any:
    """Predict the probability of each cluster for each row.

    Parameters
    ----------
    model : Labeling
        The labeling.
    spaces : Spaces
        The rows.
    out : object or None, default=None
        Receives ``out[rows] = probabilities`` for one slice of rows after the other; None for a
        new array.

    Returns
    -------
    ndarray of shape (n_samples, n_clusters), or ``out``

    Raises
    ------
    ValueError
        If rows hold NaN, infinity, or values too large for products with the coefficients.
    """
    if out is None:
        out = np.empty((spaces.n_samples, model.n_clusters), dtype=spaces.float_dtype)

    def write(rows: slice, probabilities: torch.Tensor) -> None:
        out[rows] = probabilities.cpu().numpy()

    model.for_each_chunk(spaces, write)
    return out


@with_torch_defaults
def predict_log_odds(model: Labeling, spaces: Spaces) -> np.ndarray:
    """Predict the log-odds of each cluster for each row.

    Parameters
    ----------
    model, spaces
        As for :func:`predict_probabilities`.

    Returns
    -------
    ndarray of shape (n_samples, n_clusters)

    Raises
    ------
    ValueError
        As :func:`predict_probabilities`.
    """
    out = np.empty((spaces.n_samples, model.n_clusters), dtype=spaces.float_dtype)

    def write(rows: slice, probabilities: torch.Tensor) -> None:
        out[rows] = _log_odds(probabilities).cpu().numpy()

    model.for_each_chunk(spaces, write)
    return out


@with_torch_defaults
def predict_labels(
    model: Labeling, spaces: Spaces, *, reject_below: float | None = None, out: Any = None
) -> Any:
    """Predict the most likely cluster of each row.

    Parameters
    ----------
    model, spaces, out
        As for :func:`predict_probabilities`.
    reject_below : float or None, default=None
        Rows whose largest probability is below this value get the label -1; None to label all
        rows.

    Returns
    -------
    ndarray of shape (n_samples,), int32, or ``out``

    Raises
    ------
    ValueError
        As :func:`predict_probabilities`.
    """
    if out is None:
        out = np.empty(spaces.n_samples, dtype=LABEL_DTYPE)

    def write(rows: slice, probabilities: torch.Tensor) -> None:
        labels = probabilities.argmax(-1)
        if reject_below is not None:
            labels[probabilities.amax(-1) < reject_below] = -1
        out[rows] = labels.cpu().numpy()

    model.for_each_chunk(spaces, write)
    return out


def _log_odds(probabilities: torch.Tensor) -> torch.Tensor:
    others = 1 - probabilities
    # if a cluster is almost certain, rounding makes the difference 0, but not the sum of the others
    top = probabilities.argmax(-1, keepdim=True)
    others.scatter_(-1, top, probabilities.scatter(-1, top, 0).sum(-1, keepdim=True))
    tiny = torch.finfo(probabilities.dtype).tiny
    return probabilities.clamp_min(tiny).log() - others.clamp_min(tiny).log()
