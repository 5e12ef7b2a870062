"""Standardize the features of each space for the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from sklearn_turtle._input._conversion import as_tensor, to_numpy
from sklearn_turtle._input._placement import moved_if_there_is_room
from sklearn_turtle._input._rows import check_all_finite, feature_rows
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._solver import Features, FeatureSpace, Processes, Shard, Statistics, is_lazy

# Mean L1 norm of a sample after scaling="l1". One step of Adam changes every weight by about the
# learning rate, so it changes a logit by about the learning rate times this norm, whatever the
# number of features.
SCALED_L1_NORM = 400.0


@dataclass(frozen=True)
class Standardization:
    """The standardization ``(x - shift) * scale`` of the rows of a space.

    Attributes
    ----------
    shift : ndarray of shape (n_features,) or None
        Subtracted from every row; None for nothing.
    scale : float
        Multiplies every row after that.
    """

    shift: np.ndarray | None
    scale: float

    @classmethod
    def of(cls, statistics: Statistics, scaling: str | None) -> Standardization:
        """The standardization of a space with these statistics."""
        if scaling is None:
            return cls(None, 1.0)
        return cls(to_numpy(statistics.mean), SCALED_L1_NORM / statistics.mean_l1_norm)


def standardized_spaces(
    spaces: Spaces,
    scaling: str | None,
    device: torch.device,
    precision: torch.dtype,
    shard: Shard | None = None,
    *,
    like: Sequence[Standardization] | None = None,
) -> list[FeatureSpace]:
    """Standardize the spaces for the solver.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.
    scaling : {"l1", None}
        See :class:`TurtleClustering`.
    device : torch.device
        Device of the mini-batches.
    precision : torch.dtype
        Dtype of the mini-batches.
    shard : Shard or None, default=None
        Rows of this process in a fit over several processes; None if these are all rows.
    like : list of Standardization or None, default=None
        Standardization of each space; None to compute it from the rows.

    Returns
    -------
    list of FeatureSpace
        If the rows of all spaces fit on the device, they are moved there in the dtype in which
        they came. Otherwise they are streamed from where they are.

    Raises
    ------
    ValueError
        If a space is constant or holds NaN or infinity.

    Warns
    -----
    UserWarning
        If the device runs out of memory although the features seemed to fit.
    """
    shard = Shard(spaces.n_samples) if shard is None else shard
    all_features = [feature_rows(matrix) for matrix in spaces.matrices]
    if device.type == "cuda":
        all_features = moved_if_there_is_room(all_features, device)
    feature_spaces = []
    for k, (name, features) in enumerate(zip(spaces.names, all_features, strict=True)):
        if like is None:
            statistics = Statistics.of(features, shard)
            _check_statistics(name, features, statistics, shard.processes)
            standardization = Standardization.of(statistics, scaling)
        else:
            check_all_finite(name, features)
            standardization = like[k]
        feature_spaces.append(
            FeatureSpace(
                features,
                device=device,
                dtype=precision,
                streamed=is_lazy(features) or features.device.type != device.type,
                shard=shard,
                shift=None if standardization.shift is None else as_tensor(standardization.shift),
                scale=standardization.scale,
            )
        )
    return feature_spaces


def _check_statistics(
    name: str, features: Features, statistics: Statistics, processes: Processes
) -> None:
    """Raise ValueError if a space is not finite, too large, or constant."""
    if not torch.isfinite(statistics.mean).all() or statistics.mean_l1_norm == float("inf"):
        with processes.together():
            check_all_finite(name, features)
        raise ValueError(
            f"Space {name!r} has values too large for float64: their sum overflows. Rescale them."
        )
    # centering in float64 leaves rounding errors in proportion to the mean
    negligible = 8 * torch.finfo(torch.float64).eps * statistics.mean.abs().sum().item()
    if statistics.mean_l1_norm <= negligible:
        raise ValueError(
            f"Space {name!r} is constant: its rows are equal, or differ by less than the rounding "
            "errors of its largest features, so that no labeling can be learned from it. Leave "
            "out the space or its constant features."
        )
