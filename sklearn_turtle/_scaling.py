"""Statistics of the spaces, what is wrong with them, and how they are scaled."""

import torch

from sklearn_turtle._device import as_tensor
from sklearn_turtle._solver import FeatureSpace, Statistics, row_chunks

# Mean L1 norm of a sample after scaling="l1". An Adam step moves every weight by about the
# rate, hence a logit by about the rate times this norm, whatever the number of features.
SCALED_L1_NORM = 400.0

# Spaces that take no more than this in all once they are standardised are standardised once
# for all steps; rows of larger ones are standardised as they are drawn.
PREPARED_BYTES = 256 * 2**20


def standardised_spaces(spaces, scaling, device, precision):
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

    Returns
    -------
    list of FeatureSpace

    Raises
    ------
    ValueError
        If a space is constant or holds NaN or infinity.
    """
    feature_spaces = []
    for name, matrix in zip(spaces.names, spaces.matrices, strict=True):
        features = as_tensor(matrix)
        statistics = Statistics.of(features)
        _check(name, features, statistics)
        standardise = {}
        if scaling == "l1":
            standardise = {
                "shift": statistics.mean,
                "scale": SCALED_L1_NORM / statistics.mean_l1_norm,
            }
        feature_spaces.append(FeatureSpace(features, device=device, dtype=precision, **standardise))
    if sum(space.n_bytes for space in feature_spaces) <= PREPARED_BYTES:
        for space in feature_spaces:
            space.prepare()
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


def _check(name, features, statistics):
    if not torch.isfinite(statistics.mean).all() or statistics.mean_l1_norm == float("inf"):
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
