"""Embeddings on the unit sphere."""

import torch
from torch.nn.functional import normalize

from sklearn_turtle._solver.rows._chunks import row_chunks, select


def unit(vectors):
    """Vectors (..., d) divided by their L2 norms; zero stays zero."""
    return normalize(vectors, dim=-1, eps=torch.finfo(vectors.dtype).tiny)


def ensemble_templates(embeddings):
    """One embedding (C, d) a class, of the embeddings (C, M, d) of M templates a class.

    Those of each template are normalized, averaged, and normalized again.
    """
    return unit(unit(embeddings).mean(1))


class UnitFeatures:
    """Rows of a feature matrix, divided by their L2 norms as they are read.

    Parameters
    ----------
    features : tensor of shape (n_samples, n_features)
        Features, of any real dtype, on any device.
    device : torch.device
        Device of the rows that are read.
    dtype : torch.dtype
        Dtype of the rows that are read.
    """

    def __init__(self, features, *, device="cpu", dtype=torch.float32):
        self.features = features
        self.device = torch.device(device)
        self.dtype = dtype
        self.n_samples, self.n_features = features.shape

    def rows(self, rows=None):
        """Rows as given by a tensor of indices, a slice, or None for all."""
        return unit(select(self.features, rows).to(device=self.device, dtype=self.dtype))

    def chunks(self, n_outputs):
        """Slices of rows and the rows themselves, where a row makes ``n_outputs`` numbers."""
        for rows in row_chunks(self.n_samples, self.n_features + n_outputs):
            yield rows, self.rows(rows)
