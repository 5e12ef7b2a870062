"""Rows in chunks: which rows, in which pieces, on which device."""

import warnings

import torch

# Rows are visited in chunks of about this many values, so that no second copy of a space is
# ever held.
CHUNK_VALUES = 1 << 24


def row_chunks(n_samples, n_values_per_row):
    """Slices over ``n_samples`` rows that hold at most about CHUNK_VALUES values each."""
    return _slices(0, n_samples, _chunk_rows(n_values_per_row))


def in_chunks(work, n_samples, n_values_per_row):
    """Work on all rows in chunks, which are halved where the device is out of memory.

    Parameters
    ----------
    work : callable
        ``work(chunks)`` works on one slice of rows after the other, and yields each of them once
        it is done. Where memory has run out, it is called again with the rows that are left.
    n_samples, n_values_per_row
        As for :func:`row_chunks`.

    Raises
    ------
    torch.OutOfMemoryError
        If there is no memory for a single row.

    Warns
    -----
    UserWarning
        Where chunks are halved.
    """
    n_done, size = 0, _chunk_rows(n_values_per_row)
    while n_done < n_samples:
        size = min(size, n_samples - n_done)
        try:
            for rows in work(_slices(n_done, n_samples, size)):
                n_done = rows.stop
        except torch.cuda.OutOfMemoryError:
            if size == 1:
                raise
            size //= 2
            warnings.warn(
                f"The device is out of memory: going on in chunks of {size} rows.",
                UserWarning,
                stacklevel=2,
            )


def _chunk_rows(n_values_per_row):
    return max(1, CHUNK_VALUES // max(1, n_values_per_row))


def _slices(start, stop, step):
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))


def spread_rows(n_samples, max_rows):
    """Indices of at most ``max_rows`` rows, evenly spread over ``n_samples``."""
    n_rows = min(n_samples, max_rows)
    return torch.linspace(0, n_samples - 1, n_rows, dtype=torch.float64).round().long()


def select(features, rows):
    """Rows of a tensor or of LazyRows: a tensor of indices, a slice, or None for all."""
    if rows is None:
        rows = slice(0, features.shape[0])
    if isinstance(rows, slice):
        return features[rows]
    return features.index_select(0, on_device(rows, features.device))


def on_device(tensor, device):
    """A tensor on a device."""
    if device.type == "cuda" and tensor.device.type == "cpu":
        # from memory that is not pinned, the copy would wait for all work on the device
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


def is_lazy(features):
    """Whether features are LazyRows, not a tensor: their rows are read as they are needed."""
    return not isinstance(features, torch.Tensor)
