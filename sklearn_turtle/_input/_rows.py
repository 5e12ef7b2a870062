"""Read rows of checked spaces, and check that they are finite."""

from collections.abc import Callable

import torch

from sklearn_turtle._input._conversion import as_tensor
from sklearn_turtle._input._matrix import Matrix
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input.lazy import rows_of
from sklearn_turtle._solver import Features, on_device, row_chunks


def check_finite(name: str, features: torch.Tensor, first_row: int = 0) -> None:
    """Raise ValueError if rows of a space hold NaN or infinity.

    Parameters
    ----------
    name : str
        Name of the space.
    features : tensor of shape (n_samples, n_features)
        Rows of the space.
    first_row : int, default=0
        Index of the first of these rows in the space, for the message.
    """
    # a fast test that usually suffices: a sum is finite only if every term is
    if torch.isfinite(features.sum()):
        return
    for rows in row_chunks(*features.shape):
        chunk = features[rows]
        bad = (~torch.isfinite(chunk)).any(1).nonzero()
        if len(bad) > 0:
            row = int(bad[0])
            value = "NaN" if chunk[row].isnan().any() else "infinity"
            raise ValueError(
                f"Input X contains {value}: space {name!r}, first in row "
                f"{first_row + rows.start + row}. Remove or impute such rows; float16 features "
                "that overflowed must be computed again in float32."
            )


def check_all_finite(name: str, features: Features) -> None:
    """Raise ValueError if any row of a space holds NaN or infinity, reading chunk by chunk."""
    for rows in row_chunks(*features.shape):
        check_finite(name, features[rows], first_row=rows.start)


def feature_rows(matrix: Matrix) -> Features:
    """The rows of a checked matrix: a tensor, or LazyRows if they are read as needed."""
    lazy = rows_of(matrix)
    return as_tensor(matrix) if lazy is None else lazy


def row_reader(
    spaces: Spaces,
    device: torch.device,
    transform: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> tuple[torch.dtype, Callable[[int, slice], torch.Tensor]]:
    """Make a function that reads rows of checked spaces for a prediction.

    Parameters
    ----------
    spaces : Spaces
        Checked spaces.
    device : torch.device
        Device of the rows that are read.
    transform : callable or None, default=None
        Applied to the rows that are read; None to leave them as they are.

    Returns
    -------
    dtype : torch.dtype
        Dtype of the rows.
    read : callable
        ``read(k, rows)`` returns a slice of rows of space ``k``. It raises ValueError if they
        hold NaN or infinity.
    """
    # MPS has no float64
    name = "float32" if device.type == "mps" else spaces.float_dtype.name
    dtype: torch.dtype = getattr(torch, name)
    all_features = [feature_rows(matrix) for matrix in spaces.matrices]

    def read(k: int, rows: slice) -> torch.Tensor:
        chunk = on_device(all_features[k][rows], device).to(dtype)
        check_finite(spaces.names[k], chunk, first_row=rows.start)
        return chunk if transform is None else transform(chunk)

    return dtype, read
