"""Samples, and the cluster that any fitted clustering gives each."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np
import torch

from sklearn_turtle._input._columns import parse_columns
from sklearn_turtle._input._device import available_device
from sklearn_turtle._input._matrix import check_matrix
from sklearn_turtle._input._read import read_predict_input
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._spaces import (
    Spaces,
    is_collection_of_spaces,
    spaces_of_collection,
    spaces_of_matrix,
)
from sklearn_turtle._solver import row_chunks


@dataclass(frozen=True)
class ClusteredRows:
    """Samples, and the cluster of each.

    Attributes
    ----------
    spaces : Spaces
        Checked spaces.
    labels : ndarray of shape (n_samples,), int64
        Cluster of each sample.
    n_clusters : int
        Number of clusters, those without samples included.
    device : torch.device
        Where sums are made.
    """

    spaces: Spaces
    labels: np.ndarray
    n_clusters: int
    device: torch.device

    @property
    def sizes(self):
        """Number of samples of each cluster, (n_clusters,)."""
        return np.bincount(self.labels, minlength=self.n_clusters)

    def chunks(self, transform=None):
        """Samples chunk by chunk: a slice, their rows in each space, and their clusters.

        Where ``transform`` is given, the features are what it makes of the rows of a chunk.
        """
        _, read = row_reader(self.spaces, self.device, transform)
        n_spaces = len(self.spaces.names)
        width = sum(self.spaces.widths) + (n_spaces + 1) * self.n_clusters
        for rows in row_chunks(self.spaces.n_samples, width):
            labels = torch.from_numpy(self.labels[rows]).to(self.device)
            yield rows, [read(k, rows) for k in range(n_spaces)], labels

    def means(self, transform=None):
        """Means of the clusters in each space, (n_clusters, d_k); zero for an empty one."""
        # MPS has no float64
        wide = torch.float32 if self.device.type == "mps" else torch.float64
        sums = [
            torch.zeros(self.n_clusters, width, dtype=wide, device=self.device)
            for width in self.spaces.widths
        ]
        for _, batches, labels in self.chunks(transform):
            for of_space, z in zip(sums, batches, strict=True):
                of_space.index_add_(0, labels, z.to(wide))
        sizes = torch.from_numpy(self.sizes).to(sums[0]).clamp_min(1)
        return [of_space / sizes[:, None] for of_space in sums]


def read_clustered_rows(estimator, X):
    """Samples, and the cluster that a fitted clustering gives each.

    Parameters
    ----------
    estimator : estimator
        Fitted, with ``predict``. Of one that does not tell spaces apart, a 2-D ``X`` is one space.
    X : collection of matrices, or matrix
        As passed by the user.

    Returns
    -------
    ClusteredRows
    """
    labels = np.asarray(estimator.predict(X))
    if labels.dtype.kind not in "iu" or labels.min() < 0:
        raise ValueError(
            f"{type(estimator).__name__}.predict must number clusters from 0; it gave "
            f"{labels[:5].tolist()}."
        )
    n_clusters = int(labels.max()) + 1
    expected = n_clusters_of(estimator)
    if isinstance(expected, Integral):  # the last clusters may be empty
        n_clusters = max(n_clusters, int(expected))
    device = available_device(getattr(estimator, "device", "cpu"))
    return ClusteredRows(read_spaces(estimator, X), labels.astype(np.int64), n_clusters, device)


def n_clusters_of(estimator):
    """Number of clusters that a fitted clustering has; None where it does not tell."""
    return getattr(estimator, "n_clusters_", getattr(estimator, "n_clusters", None))


def read_spaces(estimator, X):
    """The spaces of ``X``, as the estimator tells them apart."""
    if hasattr(estimator, "_space_columns"):
        return read_predict_input(estimator, X)
    if is_collection_of_spaces(X):
        return spaces_of_collection(X)
    matrix = check_matrix(X, None)
    return spaces_of_matrix(matrix, *parse_columns(None, matrix.shape[1]))
