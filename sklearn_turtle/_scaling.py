"""From checked spaces to what the solver reads: statistics, scaling, and where the rows lie."""

import mmap

import numpy as np
import torch

from sklearn_turtle._device import as_tensor
from sklearn_turtle._solver import FeatureSpace, Shard, Statistics, row_chunks

# Mean L1 norm of a sample after scaling="l1". An Adam step moves every weight by about the
# rate, hence a logit by about the rate times this norm, whatever the number of features.
SCALED_L1_NORM = 400.0

# Share of the free memory of a device that features may take; the rest is for the fit.
DEVICE_SHARE = 0.7


def standardised_spaces(spaces, scaling, device, precision, shard=None):
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

    Returns
    -------
    list of FeatureSpace
        Their rows lie on the device where there is room for all of them, in the dtype that they
        came in; else they are streamed from where they are.

    Raises
    ------
    ValueError
        If a space is constant or holds NaN or infinity.
    """
    shard = Shard(spaces.n_samples) if shard is None else shard
    on_disk = [_is_memory_map(matrix) for matrix in spaces.matrices]
    tensors = [as_tensor(matrix) for matrix in spaces.matrices]
    if device.type == "cuda":
        n_bytes = sum(tensor.nbytes for tensor in tensors if tensor.device != device)
        if n_bytes <= DEVICE_SHARE * torch.cuda.mem_get_info(device)[0]:
            tensors = [tensor.to(device) for tensor in tensors]
            on_disk = [False] * len(tensors)
    feature_spaces = []
    for name, features, from_disk in zip(spaces.names, tensors, on_disk, strict=True):
        statistics = Statistics.of(features, shard)
        _check(name, features, statistics, shard.processes)
        standardise = {}
        if scaling == "l1":
            standardise = {
                "shift": statistics.mean,
                "scale": SCALED_L1_NORM / statistics.mean_l1_norm,
            }
        feature_spaces.append(
            FeatureSpace(
                features,
                device=device,
                dtype=precision,
                streamed=from_disk or features.device.type != device.type,
                shard=shard,
                **standardise,
            )
        )
    return feature_spaces


def check_finite(name, features, first_row=0):
    """Raise ValueError if rows of a space hold NaN or infinity.

    Parameters
    ----------
    name : str
        Name of the space.
    features : tensor of shape (n_samples, n_features)
        Rows of the space.
    first_row : int, default=0
        Number of the first of these rows in the space, for the message.
    """
    # cheap where all is well: a sum is finite only if every term is
    if torch.isfinite(features.sum()):
        return
    for rows in row_chunks(*features.shape):
        chunk = features[rows]
        bad = (~torch.isfinite(chunk)).any(1).nonzero()
        if len(bad) > 0:
            row = int(bad[0])
            what = "NaN" if chunk[row].isnan().any() else "infinity"
            raise ValueError(
                f"Input X contains {what}: space {name!r}, first in row "
                f"{first_row + rows.start + row}. Remove or impute such rows; float16 features "
                "that overflowed need to be computed again in float32."
            )


def _check(name, features, statistics, processes):
    if not torch.isfinite(statistics.mean).all() or statistics.mean_l1_norm == float("inf"):
        with processes.together():
            check_finite(name, features)
        raise ValueError(
            f"Space {name!r} has values too large for their sum to be represented in float64: "
            "rescale it."
        )
    # centring leaves rounding errors of the mean's size in float64
    negligible = 8 * torch.finfo(torch.float64).eps * statistics.mean.abs().sum().item()
    if statistics.mean_l1_norm <= negligible:
        raise ValueError(
            f"Space {name!r} is constant: all its rows are equal, so that it says nothing of any "
            "labelling. Leave it out."
        )


def _is_memory_map(matrix):
    while isinstance(matrix, np.ndarray):
        if isinstance(matrix, np.memmap):
            return True
        matrix = matrix.base
    return isinstance(matrix, mmap.mmap)
