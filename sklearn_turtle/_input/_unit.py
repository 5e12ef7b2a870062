"""Embeddings of unit norm."""

from collections.abc import Iterator

import torch
from torch.nn.functional import normalize

from sklearn_turtle._solver import row_chunks, select


def unit(vectors: torch.Tensor) -> torch.Tensor:
    """Divide vectors (..., d) by their L2 norms; zero stays zero."""
    return normalize(vectors, dim=-1, eps=torch.finfo(vectors.dtype).tiny)


def ensemble_templates(embeddings: torch.Tensor) -> torch.Tensor:
    """Average the embeddings (C, M, d) of M templates per class into one (C, d) per class.

    The embedding of every template is normalized, and so is the mean.
    """
    return unit(unit(embeddings).mean(1))


class UnitFeatures:
    """Rows of a feature matrix, divided by their L2 norms when they are read.

    Parameters
    ----------
    features : tensor of shape (n_samples, n_features)
        Features, of any real dtype, on any device.
    device : str or torch.device, default="cpu"
        Device of the rows that are read.
    dtype : torch.dtype, default=torch.float32
        Dtype of the rows that are read.

    Attributes
    ----------
    n_samples, n_features : int
        Shape of the features.
    """

    def __init__(
        self,
        features: torch.Tensor,
        *,
        device: str | torch.device = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.features = features
        self.device = torch.device(device)
        self.dtype = dtype
        self.n_samples, self.n_features = features.shape

    def rows(self, rows: torch.Tensor | slice | None = None) -> torch.Tensor:
        """Read rows given by a tensor of indices or a slice; None for all rows."""
        return unit(select(self.features, rows).to(device=self.device, dtype=self.dtype))

    def chunks(self, n_outputs: int) -> Iterator[tuple[slice, torch.Tensor]]:
        """Read all rows chunk by chunk, as pairs of a slice and its rows.

        ``n_outputs`` is the number of values that the caller computes per row; it limits the size
        of the chunks.
        """
        for rows in row_chunks(self.n_samples, self.n_features + n_outputs):
            yield rows, self.rows(rows)
