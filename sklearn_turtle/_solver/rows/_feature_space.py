"""The spaces as the solver reads them: standardized mini-batches of rows."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._chunks import Features, is_lazy, on_device, row_chunks, select
from sklearn_turtle._solver.rows._processes import Shard


class Space(ABC):
    """Mini-batches of the rows of a space.

    Attributes
    ----------
    n_samples : int
        Number of rows in this process; ``shard`` counts those of all processes.
    n_features : int
        Number of features.
    shard : Shard
        Which rows these are in a fit over several processes.
    dtype : torch.dtype
        Dtype of the mini-batches.
    device : torch.device
        Device of the mini-batches.
    waits : bool
        True if computing rows waits for a disk or a bus.
    in_blocks : bool
        True if adjacent rows are read faster than others.
    projection : tensor of shape (n_features before projection, n_features) or None
        Rows of the space before projection are multiplied by it; None if there was none.
    """

    n_samples: int
    n_features: int
    shard: Shard
    dtype: torch.dtype
    device: torch.device
    waits: bool
    in_blocks: bool
    projection: torch.Tensor | None = None
    _prepared: torch.Tensor | None = None

    @property
    def streamed(self) -> bool:
        """True if reading a mini-batch waits for a disk or a bus."""
        return self.waits and self._prepared is None

    @abstractmethod
    def _read(self, rows: torch.Tensor | slice | None) -> torch.Tensor:
        """Compute rows as given by a tensor of indices, a slice, or None for all."""

    def prepare(self) -> None:
        """Compute all rows at once, which saves time if they are drawn many times."""
        if self._prepared is not None:
            return
        shape = (self.n_samples, self.n_features)
        prepared = torch.empty(shape, dtype=self.dtype, device=self.device)
        for rows in row_chunks(*shape):
            prepared[rows] = self._read(rows)
        self._prepared = prepared

    def release(self) -> None:
        """Free the memory that :meth:`prepare` took."""
        self._prepared = None

    def batch(self, rows: torch.Tensor | slice | None = None) -> torch.Tensor:
        """Rows as given by a tensor of indices, a slice, or None for all; read-only."""
        return self._read(rows) if self._prepared is None else select(self._prepared, rows)

    def gathered(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows among those of all processes, in all processes, as float32 at least."""
        own = self.batch(self.shard.own(rows))
        return self.shard.gather(rows, own.to(torch.promote_types(self.dtype, torch.float32)))


def prepare_small(spaces: Sequence[Space], max_bytes: float) -> None:
    """Prepare all spaces if together they take at most ``max_bytes`` and there is memory.

    Warns
    -----
    UserWarning
        If the device is out of memory for them.
    """
    n_bytes = sum(space.n_samples * space.n_features * space.dtype.itemsize for space in spaces)
    if n_bytes > max_bytes:
        return
    try:
        for space in spaces:
            space.prepare()
    except torch.cuda.OutOfMemoryError:
        for space in spaces:
            space.release()
        warnings.warn(
            "The device is out of memory: rows are computed when they are drawn, which is slower.",
            UserWarning,
            stacklevel=2,
        )


class FeatureSpace(Space):
    """Standardized mini-batches ``(x - shift) * scale`` of the features of a space.

    The features keep their dtype and stay on their device. Only the rows of a mini-batch are
    converted.

    Parameters
    ----------
    features : Features of shape (n_samples, n_features)
        A tensor of any real dtype, or rows that are read when they are needed.
    shift : tensor of shape (n_features,) or None
        Subtracted from every row; None for nothing.
    scale : float
        Every row is multiplied by it after that.
    dtype : torch.dtype
        Dtype of the mini-batches.
    device : torch.device or str
        Device of the mini-batches.
    streamed : bool
        True if reading rows waits for a disk or a bus.
    shard : Shard or None
        Which rows these are in a fit over several processes; None for all.
    """

    def __init__(
        self,
        features: Features,
        *,
        shift: torch.Tensor | None = None,
        scale: float = 1.0,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
        streamed: bool = False,
        shard: Shard | None = None,
    ) -> None:
        self.features = features
        self.n_samples, self.n_features = features.shape
        self.shard = Shard(self.n_samples) if shard is None else shard
        self.waits = streamed
        self.in_blocks = is_lazy(features)
        self.dtype = dtype
        self.device = torch.device(device)
        # Rows are standardized before they are narrowed: float64 features may be beyond the range
        # of float32, and the mean of a feature may be far larger than its spread.
        self._wide = torch.promote_types(
            dtype, torch.float64 if features.dtype == torch.float64 else torch.float32
        )
        self.shift = None if shift is None else shift.to(device=self.device, dtype=self._wide)
        self.scale = scale

    def _read(self, rows: torch.Tensor | slice | None) -> torch.Tensor:
        features = select(self.features, rows)
        batch = on_device(features, self.device).to(self._wide)
        # in place if the batch is new memory; a slice may be a view of the features
        own = batch if isinstance(rows, torch.Tensor) or batch is not features else None
        if self.shift is not None:
            batch = own = torch.sub(batch, self.shift, out=own)
        if self.scale != 1.0:
            batch = torch.mul(batch, self.scale, out=own)
        return batch.to(self.dtype)


class RowsOfSpace(Space):
    """Some rows of a space, as a space of their own.

    Parameters
    ----------
    space : Space
        The space, of a fit in a single process.
    rows : tensor of shape (n_rows,), int64
        Indices of its rows, in increasing order.
    """

    def __init__(self, space: Space, rows: torch.Tensor) -> None:
        self._space, self._rows = space, rows
        self.n_samples, self.n_features = len(rows), space.n_features
        self.shard = Shard(self.n_samples)
        self.dtype, self.device = space.dtype, space.device
        self.waits, self.in_blocks = space.streamed, space.in_blocks
        self.projection = space.projection

    def _read(self, rows: torch.Tensor | slice | None) -> torch.Tensor:
        return self._space.batch(select(self._rows, rows))
