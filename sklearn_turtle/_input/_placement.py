"""Move features to a GPU if all of them fit."""

import warnings

import torch

from sklearn_turtle._solver import Features, read_ahead, row_chunks

# Share of the free memory of a device that features may take. The fit needs the rest.
DEVICE_SHARE = 0.7


def moved_if_there_is_room(all_features: list[Features], device: torch.device) -> list[Features]:
    """Move the features of all spaces to a GPU, or leave all of them where they are.

    Parameters
    ----------
    all_features : list of (tensor or LazyRows) of shape (n_samples, n_features of the space)
        Features of each space.
    device : torch.device
        The GPU.

    Returns
    -------
    list of (tensor or LazyRows)
        Features of each space, in the dtype in which they came.

    Warns
    -----
    UserWarning
        If the device runs out of memory although the features seemed to fit.
    """
    n_bytes = sum(features.nbytes for features in all_features if features.device != device)
    if n_bytes > DEVICE_SHARE * torch.cuda.mem_get_info(device)[0]:
        return all_features
    try:
        return [_moved(features, device) for features in all_features]
    except torch.cuda.OutOfMemoryError:  # other processes use the device too
        warnings.warn(
            f"{device} ran out of memory while the features were moved to it: they are streamed "
            "from where they are, which is slower.",
            UserWarning,
            stacklevel=2,
        )
        return all_features


def _moved(features: Features, device: torch.device) -> Features:
    """Copy all rows to a GPU. A thread reads the next chunk while one is being copied."""
    if isinstance(features, torch.Tensor) and features.device.type == device.type:
        return features.to(device)
    moved = torch.empty(features.shape, dtype=features.dtype, device=device)

    def read(rows: slice) -> tuple[slice, torch.Tensor]:
        return rows, features[rows].pin_memory()

    for rows, chunk in read_ahead(read, row_chunks(*features.shape)):
        moved[rows] = chunk
    return moved
