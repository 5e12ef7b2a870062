"""From checked spaces to what the solver reads: statistics, scaling, and where the rows lie."""

import warnings
from dataclasses import dataclass

import torch

from sklearn_turtle._input._rows import _check_all_finite, feature_rows
from sklearn_turtle._solver import (
    FeatureSpace,
    Shard,
    Statistics,
    is_lazy,
    read_ahead,
    row_chunks,
)

# Mean L1 norm of a sample after scaling="l1". An Adam step moves every weight by about the
# rate, hence a logit by about the rate times this norm, whatever the number of features.
SCALED_L1_NORM = 400.0

# Share of the free memory of a device that features may take; the rest is for the fit.
DEVICE_SHARE = 0.7


@dataclass(frozen=True)
class Standardization:
    """What is subtracted from the rows of a space, and what they are multiplied with then.

    Attributes
    ----------
    shift : tensor of shape (n_features,), float64, or None
        None for nothing.
    scale : float
    """

    shift: torch.Tensor | None
    scale: float

    @classmethod
    def of(cls, statistics, scaling):
        """The standardization of a space of these Statistics."""
        if scaling is None:
            return cls(None, 1.0)
        return cls(statistics.mean, SCALED_L1_NORM / statistics.mean_l1_norm)


def standardized_spaces(spaces, scaling, device, precision, shard=None, *, like=None):
    """Feature spaces for the solver.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.
    scaling : {"l1", None}
        See :class:`TurtleClustering`.
    device : torch.device
        Where mini-batches are wanted.
    precision : torch.dtype
        Dtype of the mini-batches.
    shard : Shard or None
        Which rows of a fit over several processes these are; None for all.
    like : list of Standardization or None, default=None
        How the spaces are standardized; None to find it out.

    Returns
    -------
    list of FeatureSpace
        Their rows lie on the device where there is room for all of them, in the dtype that they
        came in; else they are streamed from where they are.

    Raises
    ------
    ValueError
        If a space is constant or holds NaN or infinity.

    Warns
    -----
    UserWarning
        If there seemed to be room on the device, and it ran out of memory nevertheless.
    """
    shard = Shard(spaces.n_samples) if shard is None else shard
    all_features = [feature_rows(matrix) for matrix in spaces.matrices]
    if device.type == "cuda":
        all_features = _moved_if_there_is_room(all_features, device)
    feature_spaces = []
    for k, (name, features) in enumerate(zip(spaces.names, all_features, strict=True)):
        if like is None:
            statistics = Statistics.of(features, shard)
            _check(name, features, statistics, shard.processes)
            of_space = Standardization.of(statistics, scaling)
        else:
            _check_all_finite(name, features)
            of_space = like[k]
        feature_spaces.append(
            FeatureSpace(
                features,
                device=device,
                dtype=precision,
                streamed=is_lazy(features) or features.device.type != device.type,
                shard=shard,
                shift=of_space.shift,
                scale=of_space.scale,
            )
        )
    return feature_spaces


def _check(name, features, statistics, processes):
    if not torch.isfinite(statistics.mean).all() or statistics.mean_l1_norm == float("inf"):
        with processes.together():
            _check_all_finite(name, features)
        raise ValueError(
            f"Space {name!r} has values too large for their sum to be represented in float64: "
            "rescale it."
        )
    # centering leaves rounding errors of the mean's size in float64
    negligible = 8 * torch.finfo(torch.float64).eps * statistics.mean.abs().sum().item()
    if statistics.mean_l1_norm <= negligible:
        raise ValueError(
            f"Space {name!r} is constant: all its rows are equal, or differ by less than rounding "
            "makes of its largest features, so that it says nothing of any labeling. Leave it "
            "out, or its constant features if it has others."
        )


def _moved_if_there_is_room(all_features, device):
    n_bytes = sum(features.nbytes for features in all_features if features.device != device)
    if n_bytes > DEVICE_SHARE * torch.cuda.mem_get_info(device)[0]:
        return all_features
    try:
        return [_moved(features, device) for features in all_features]
    except torch.cuda.OutOfMemoryError:  # others use the device too
        warnings.warn(
            f"{device} ran out of memory while the features were moved to it: they are streamed "
            "from where they are, which is slower.",
            UserWarning,
            stacklevel=2,
        )
        return all_features


def _moved(features, device):
    """All rows on a GPU, where one chunk of them is read while another is on its way there."""
    if features.device.type == device.type:
        return features.to(device)
    moved = torch.empty(features.shape, dtype=features.dtype, device=device)

    def read(rows):
        return rows, features[rows].pin_memory()

    for rows, chunk in read_ahead(read, row_chunks(*features.shape)):
        moved[rows] = chunk
    return moved
