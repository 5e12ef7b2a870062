"""Rows of checked spaces: how they are read, and whether they are finite."""

import torch

from sklearn_turtle._input._device import as_tensor
from sklearn_turtle._input.lazy import rows_of
from sklearn_turtle._solver import on_device, row_chunks


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


def _check_all_finite(name, features):
    for rows in row_chunks(*features.shape):
        check_finite(name, features[rows], first_row=rows.start)


def feature_rows(matrix):
    """The rows of a checked matrix: a tensor, or LazyRows where they are read as needed."""
    lazy = rows_of(matrix)
    return as_tensor(matrix) if lazy is None else lazy


def row_reader(spaces, device, transform=None):
    """How to read rows of checked spaces for a prediction.

    Where ``transform`` is given, it is applied to the rows as they are read.

    Returns
    -------
    dtype : torch.dtype
        Dtype of the rows.
    read : callable
        ``read(k, rows)`` gives a slice of rows of space ``k`` on the device, and raises
        ValueError if they hold NaN or infinity.
    """
    dtype = getattr(torch, spaces.float_dtype.name)
    if device.type == "mps":  # has no float64
        dtype = torch.float32
    all_features = [feature_rows(matrix) for matrix in spaces.matrices]

    def read(k, rows):
        chunk = on_device(all_features[k][rows], device).to(dtype)
        check_finite(spaces.names[k], chunk, first_row=rows.start)
        return chunk if transform is None else transform(chunk)

    return dtype, read
