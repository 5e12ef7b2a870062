"""The features of a space: their statistics, and mini-batches of them."""

import warnings
from abc import ABC, abstractmethod

import torch

from sklearn_turtle._solver.rows._chunks import is_lazy, on_device, row_chunks, select
from sklearn_turtle._solver.rows._processes import Shard


class Space(ABC):
    """Mini-batches of rows, which :meth:`prepare` computes for all rows at once."""

    # of this process; the rows of all processes are those of the shard
    n_samples: int
    shard: Shard
    n_features: int
    dtype: torch.dtype
    device: torch.device
    # whether computing rows waits for a disk or a bus
    waits: bool
    # whether neighboring rows are read faster than others
    in_blocks: bool
    _prepared: torch.Tensor | None = None

    @property
    def streamed(self):
        """Whether reading a mini-batch waits for a disk or a bus."""
        return self.waits and self._prepared is None

    @abstractmethod
    def _read(self, rows):
        """Compute rows as given by a tensor of indices, a slice, or None for all."""

    def prepare(self):
        """Compute all rows at once, which saves time where they are drawn many times."""
        if self._prepared is not None:
            return
        shape = (self.n_samples, self.n_features)
        prepared = torch.empty(shape, dtype=self.dtype, device=self.device)
        for rows in row_chunks(*shape):
            prepared[rows] = self._read(rows)
        self._prepared = prepared

    def release(self):
        """Give back the memory that :meth:`prepare` took."""
        self._prepared = None

    def batch(self, rows=None):
        """Rows as given by a tensor of indices, a slice, or None for all; not to be changed."""
        return self._read(rows) if self._prepared is None else select(self._prepared, rows)

    def gathered(self, rows):
        """Rows among those of all processes, given to all of them, as float32 at least."""
        own = self.batch(self.shard.own(rows))
        return self.shard.gather(rows, own.to(torch.promote_types(self.dtype, torch.float32)))


def prepare_small(spaces, max_bytes):
    """Prepare all spaces if they take no more than ``max_bytes`` in all, and there is room.

    Warns
    -----
    UserWarning
        Where the device is out of memory for them.
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
            "The device is out of memory: rows are computed as they are drawn, which is slower.",
            UserWarning,
            stacklevel=2,
        )


class FeatureSpace(Space):
    """Standardized mini-batches ``(x - shift) * scale`` of the features of a space.

    The features stay as they came, in their own dtype and on their own device; only the rows
    of a mini-batch are converted.

    Parameters
    ----------
    features : tensor or LazyRows of shape (n_samples, n_features)
        Features, of any real dtype.
    shift : tensor of shape (n_features,) or None
        What is subtracted from every row; None for nothing.
    scale : float
        What every row is multiplied with after that.
    dtype : torch.dtype
        Dtype of the mini-batches.
    device : torch.device
        Device of the mini-batches.
    streamed : bool
        Whether reading rows waits for a disk or a bus.
    shard : Shard or None
        Which rows of a fit over several processes these are; None for all.
    """

    def __init__(
        self,
        features,
        *,
        shift=None,
        scale=1.0,
        dtype=torch.float32,
        device="cpu",
        streamed=False,
        shard=None,
    ):
        self.features = features
        self.n_samples, self.n_features = features.shape
        self.shard = Shard(self.n_samples) if shard is None else shard
        self.waits = streamed
        self.in_blocks = is_lazy(features)
        self.dtype = dtype
        self.device = torch.device(device)
        # features are standardized before they are narrowed: the magnitudes of float64 features
        # may be beyond float32, and the mean of a feature may be far larger than its spread
        self._wide = torch.promote_types(
            dtype, torch.float64 if features.dtype == torch.float64 else torch.float32
        )
        self.shift = None if shift is None else shift.to(device=self.device, dtype=self._wide)
        self.scale = scale

    def _read(self, rows):
        features = select(self.features, rows)
        batch = on_device(features, self.device).to(self._wide)
        # in place where the batch is memory of its own; a slice may be a view of the features
        own = batch if isinstance(rows, torch.Tensor) or batch is not features else None
        if self.shift is not None:
            batch = own = torch.sub(batch, self.shift, out=own)
        if self.scale != 1.0:
            batch = torch.mul(batch, self.scale, out=own)
        return batch.to(self.dtype)


class RowsOfSpace(Space):
    """Some rows of a space, which stand for a space of their own.

    Parameters
    ----------
    space : Space
        The space, of a fit in a single process.
    rows : tensor of shape (n_rows,), int64
        Which of its rows, in the order in which they lie.
    """

    def __init__(self, space, rows):
        self._space, self._rows = space, rows
        self.n_samples, self.n_features = len(rows), space.n_features
        self.shard = Shard(self.n_samples)
        self.dtype, self.device = space.dtype, space.device
        self.waits, self.in_blocks = space.streamed, space.in_blocks

    def _read(self, rows):
        return self._space.batch(select(self._rows, rows))
