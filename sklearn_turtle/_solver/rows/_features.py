"""The features of a space: their statistics, and mini-batches of them."""

import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.rows._processes import Shard
from sklearn_turtle._solver.rows._reading import read_ahead

# Rows are visited in chunks of about this many values, so that no second copy of a space is
# ever held.
CHUNK_VALUES = 1 << 24

# The mean L1 norm, one number, is that of so many rows at most, evenly spread; of all rows where
# these are constant, up to the share of the mean that rounding may leave.
NORM_ROWS = 100_000
NEARLY_CONSTANT = 1e-6


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


@dataclass(frozen=True)
class Statistics:
    """What a fit needs to know of the features of a space.

    Attributes
    ----------
    mean : tensor of shape (n_features,), float64
        Mean of each feature.
    mean_l1_norm : float
        Mean over the rows, or over NORM_ROWS of them, of the L1 norm of the centred features; 0
        for a constant space.
    """

    mean: torch.Tensor
    mean_l1_norm: float

    @classmethod
    def of(cls, features, shard=None):
        """Statistics of a tensor or LazyRows of shape (n_samples, n_features).

        The sums are float64: one value that is not finite makes the mean not finite. Where the
        rows are a shard, they are those of all rows.
        """
        shard = Shard(len(features)) if shard is None else shard
        # float64 where the device has it (MPS has none)
        wide = torch.float32 if features.device.type == "mps" else torch.float64
        narrow = torch.float64 if features.dtype == torch.float64 else torch.float32

        def mean_over_rows(sum_of_chunk, shape, chosen=None):
            total = torch.zeros(shape, dtype=wide, device=features.device)
            _add_chunks(features, sum_of_chunk, total, shard.own(chosen))
            n_rows = shard.n_samples if chosen is None else len(chosen)
            return shard.processes.sum_(total) / n_rows

        def l1_norm_of(chunk):
            centred = chunk.to(narrow) - mean.to(narrow)
            return centred.abs_().sum(dtype=wide)

        mean = mean_over_rows(lambda chunk: chunk.sum(0, dtype=wide), features.shape[1])
        some = spread_rows(shard.n_samples, NORM_ROWS) if shard.n_samples > NORM_ROWS else None
        l1_norm = mean_over_rows(l1_norm_of, (), some)
        if some is not None and l1_norm <= NEARLY_CONSTANT * mean.abs().sum():
            l1_norm = mean_over_rows(l1_norm_of, ())
        return cls(mean.cpu().double(), l1_norm.item())


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
    # whether neighbouring rows are read faster than others
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
    """Standardised mini-batches ``(x - shift) * scale`` of the features of a space.

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
        # features are standardised before they are narrowed: the magnitudes of float64 features
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


def _add_chunks(features, of_chunk, total, chosen=None):
    """Add ``of_chunk(rows)`` of all chunks of all or of chosen rows to ``total``, in place."""

    def read(rows):
        return rows, select(features, rows if chosen is None else chosen[rows])

    def add(chunks):
        for rows, chunk in read_ahead(read, chunks, ahead=is_lazy(features)):
            total.add_(of_chunk(chunk))
            yield rows

    n_rows = features.shape[0] if chosen is None else len(chosen)
    in_chunks(add, n_rows, features.shape[1])
