"""The features of a space: their statistics, and mini-batches of them."""

from dataclasses import dataclass

import torch

# Rows are visited in chunks of about this many values, so that no second copy of a space is
# ever held.
CHUNK_VALUES = 1 << 24


def row_chunks(n_samples, n_values_per_row):
    """Slices over ``n_samples`` rows that hold at most about CHUNK_VALUES values each."""
    step = max(1, CHUNK_VALUES // max(1, n_values_per_row))
    for start in range(0, n_samples, step):
        yield slice(start, min(start + step, n_samples))


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
        Mean over the rows of the L1 norm of the centred features; 0 for a constant space.
    """

    mean: torch.Tensor
    mean_l1_norm: float

    @classmethod
    def of(cls, features):
        """Statistics of a tensor of shape (n_samples, n_features).

        The sums are float64: one value that is not finite makes the mean not finite.
        """
        # float64 where the device has it (MPS has none)
        wide = torch.float32 if features.device.type == "mps" else torch.float64
        n_samples, n_features = features.shape
        chunks = list(row_chunks(n_samples, n_features))
        total = torch.zeros(n_features, dtype=wide, device=features.device)
        for rows in chunks:
            total += features[rows].sum(0, dtype=wide)
        mean = total / n_samples
        narrow = torch.float64 if features.dtype == torch.float64 else torch.float32
        l1_norm = torch.zeros((), dtype=wide, device=features.device)
        for rows in chunks:
            centred = features[rows].to(narrow) - mean.to(narrow)
            l1_norm += centred.abs_().sum(dtype=wide)
        return cls(mean.cpu().double(), (l1_norm / n_samples).item())


class FeatureSpace:
    """Standardised mini-batches ``(x - shift) * scale`` of the features of a space.

    The features stay as they came, in their own dtype and on their own device; only the rows
    of a mini-batch are converted.

    Parameters
    ----------
    features : tensor of shape (n_samples, n_features)
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
    ):
        self.features = features
        self.streamed = streamed
        self.dtype = dtype
        self.device = torch.device(device)
        # features are standardised before they are narrowed: the magnitudes of float64 features
        # may be beyond float32, and the mean of a feature may be far larger than its spread
        self._wide = torch.promote_types(
            dtype, torch.float64 if features.dtype == torch.float64 else torch.float32
        )
        self.shift = None if shift is None else shift.to(device=self.device, dtype=self._wide)
        self.scale = scale
        self._prepared = None

    @property
    def n_samples(self):
        return self.features.shape[0]

    @property
    def n_features(self):
        return self.features.shape[1]

    @property
    def is_prepared(self):
        """Whether all rows are standardised already."""
        return self._prepared is not None

    @property
    def n_bytes(self):
        """Memory that all rows take once they are standardised."""
        return self.features.numel() * self.dtype.itemsize

    def prepare(self):
        """Standardise all rows at once, which saves time where they are drawn many times."""
        prepared = torch.empty(self.features.shape, dtype=self.dtype, device=self.device)
        for rows in row_chunks(*self.features.shape):
            prepared[rows] = self.batch(rows)
        self._prepared = prepared
        self.streamed = False

    def batch(self, rows=None):
        """Standardised rows: a tensor of indices, a slice, or None for all; not to be changed."""
        if self._prepared is not None:
            return select(self._prepared, rows)
        features = select(self.features, rows)
        batch = features.to(device=self.device, dtype=self._wide)
        if self.shift is not None:
            batch = batch - self.shift
        if self.scale != 1.0:
            batch = batch * self.scale
        return batch.to(self.dtype)


def select(features, rows):
    """Rows of a tensor: a tensor of indices, a slice, or None for all."""
    if rows is None:
        return features
    if isinstance(rows, slice):
        return features[rows]
    return features.index_select(0, rows.to(features.device))
