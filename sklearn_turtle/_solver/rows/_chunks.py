"""Rows in chunks: which rows, in which pieces, on which device."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import torch

# Rows are visited in chunks of about this many values, so that no second copy of a space is ever
# in memory.
CHUNK_VALUES = 1 << 24


class Features(Protocol):
    """The features of a space: a tensor, or rows that are read when they are needed."""

    @property
    def shape(self) -> Any:
        """Number of rows and of features."""

    @property
    def dtype(self) -> torch.dtype:
        """Dtype of the features."""

    @property
    def device(self) -> torch.device:
        """Device of the rows that are read."""

    @property
    def nbytes(self) -> int:
        """Size of all rows."""

    def __getitem__(self, rows: Any, /) -> torch.Tensor:
        """Read a slice of rows."""

    def index_select(self, dim: int, index: torch.Tensor, /) -> torch.Tensor:
        """Read rows by a tensor of their indices; ``dim`` is 0."""


def row_chunks(n_samples: int, n_values_per_row: int) -> Iterator[slice]:
    """Slices over ``n_samples`` rows of at most about CHUNK_VALUES values each."""
    return _slices(0, n_samples, _chunk_rows(n_values_per_row))


def in_chunks(
    work: Callable[[Iterator[slice]], Iterator[slice]], n_samples: int, n_values_per_row: int
) -> None:
    """Work on all rows in chunks, and halve the chunks if the device runs out of memory.

    Parameters
    ----------
    work : callable
        ``work(chunks)`` works on one slice of rows after the other, and yields each slice once it
        is done. If memory runs out, it is called again with the remaining rows.
    n_samples, n_values_per_row
        As for :func:`row_chunks`.

    Raises
    ------
    torch.OutOfMemoryError
        If there is no memory for a single row.

    Warns
    -----
    UserWarning
        If chunks are halved.
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


def spread_rows(n_samples: int, max_rows: int) -> torch.Tensor:
    """Indices of at most ``max_rows`` rows, evenly spread over ``n_samples``."""
    n_rows = min(n_samples, max_rows)
    return torch.linspace(0, n_samples - 1, n_rows, dtype=torch.float64).round().long()


def select(features: Features, rows: torch.Tensor | slice | None) -> torch.Tensor:
    """Rows of the features: a tensor of indices, a slice, or None for all."""
    if rows is None:
        rows = slice(0, features.shape[0])
    if isinstance(rows, slice):
        return features[rows]
    return features.index_select(0, on_device(rows, features.device))


def on_device(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Move a tensor to a device."""
    if device.type == "cuda" and tensor.device.type == "cpu":
        # a copy from memory that is not pinned would wait for all work on the device
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


def is_lazy(features: Features) -> bool:
    """Whether rows are read when they are needed, instead of being a tensor."""
    return not isinstance(features, torch.Tensor)


def _chunk_rows(n_values_per_row: int) -> int:
    return max(1, CHUNK_VALUES // max(1, n_values_per_row))


def _slices(start: int, stop: int, step: int) -> Iterator[slice]:
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))
