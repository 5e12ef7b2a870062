"""Samples with the cluster that any fitted clustering assigns to each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Any

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
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._solver import row_chunks


@dataclass(frozen=True)
class ClusteredRows:
    """Samples and their clusters.

    Attributes
    ----------
    spaces : Spaces
        Checked spaces.
    labels : ndarray of shape (n_samples,), int64
        Cluster of each sample; -1 if it is rejected, and belongs to none.
    n_clusters : int
        Number of clusters, including those without samples.
    device : torch.device
        Device of the rows that are read, and of sums over them.
    """

    spaces: Spaces
    labels: np.ndarray
    n_clusters: int
    device: torch.device

    @property
    def sizes(self) -> np.ndarray:
        """Number of samples of each cluster, of shape (n_clusters,)."""
        return np.bincount(self.labels[self.labels >= 0], minlength=self.n_clusters)

    def chunks(
        self, transform: Callable[[torch.Tensor], torch.Tensor] | None = None
    ) -> Iterator[tuple[slice, list[torch.Tensor], torch.Tensor]]:
        """Read all samples chunk by chunk.

        Parameters
        ----------
        transform : callable or None, default=None
            Applied to the rows of a chunk; None to leave them as they are.

        Yields
        ------
        rows : slice
            Indices of the samples.
        features : list of tensor of shape (n_rows, n_features of the space)
            Features of the samples in each space.
        labels : tensor of shape (n_rows,), int64
            Clusters of the samples, or -1.
        """
        _, read = row_reader(self.spaces, self.device, transform)
        n_spaces = len(self.spaces.names)
        n_values = sum(self.spaces.widths) + (n_spaces + 1) * self.n_clusters
        for rows in row_chunks(self.spaces.n_samples, n_values):
            labels = torch.from_numpy(self.labels[rows]).to(self.device)
            yield rows, [read(k, rows) for k in range(n_spaces)], labels

    @with_torch_defaults
    def means(
        self, transform: Callable[[torch.Tensor], torch.Tensor] | None = None
    ) -> list[torch.Tensor]:
        """Average the features of each cluster.

        Parameters
        ----------
        transform : callable or None, default=None
            As for :meth:`chunks`.

        Returns
        -------
        list of tensor of shape (n_clusters, n_features of the space)
            Means in each space; zero for an empty cluster.
        """
        # MPS has no float64
        dtype = torch.float32 if self.device.type == "mps" else torch.float64
        sums = [
            torch.zeros(self.n_clusters, width, dtype=dtype, device=self.device)
            for width in self.spaces.widths
        ]
        for _, features, labels in self.chunks(transform):
            kept = labels >= 0
            for sum_of_space, x in zip(sums, features, strict=True):
                sum_of_space.index_add_(0, labels[kept], x[kept].to(dtype))
        sizes = torch.from_numpy(self.sizes).to(sums[0]).clamp_min(1)
        return [sum_of_space / sizes[:, None] for sum_of_space in sums]


def read_clustered_rows(estimator: Any, X: Any) -> ClusteredRows:
    """Read samples and predict their clusters.

    Parameters
    ----------
    estimator : estimator
        Fitted, with the method ``predict``. If it does not distinguish spaces, a 2-D ``X`` is one
        space.
    X : collection of matrices, or matrix
        As passed by the user.

    Returns
    -------
    ClusteredRows

    Raises
    ------
    ValueError
        If ``predict`` does not return numbers of clusters from 0 or -1, if it rejects all samples,
        or if ``X`` is malformed.
    """
    labels = np.asarray(estimator.predict(X))
    check_cluster_numbers(labels, f"{type(estimator).__name__}.predict")
    n_clusters = int(labels.max()) + 1
    expected = n_clusters_of(estimator)
    if isinstance(expected, Integral):  # the last clusters may be empty
        n_clusters = max(n_clusters, int(expected))
    device = available_device(getattr(estimator, "device", "cpu"))
    return ClusteredRows(read_spaces(estimator, X), labels.astype(np.int64), n_clusters, device)


def check_cluster_numbers(labels: np.ndarray, name: str) -> None:
    """Raise ValueError if labels are not numbers of clusters from 0, or -1 for rejected samples.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        The labels.
    name : str
        Where they come from, for the message.
    """
    invalid = labels[labels < -1] if labels.dtype.kind in "iu" else labels
    if len(invalid) > 0 or len(labels) == 0:
        raise ValueError(
            f"{name} must number clusters from 0, and may mark rejected samples by -1; found "
            f"{invalid[:5].tolist()} of dtype {labels.dtype}. Number the clusters with "
            "np.unique(labels, return_inverse=True)[1]."
        )
    if labels.max() < 0:
        raise ValueError(
            f"{name} rejects all {len(labels)} samples (-1), so that no cluster is left: lower the "
            "threshold."
        )


def n_clusters_of(estimator: Any) -> Any:
    """Return the number of clusters of a fitted clustering; None if it has no such attribute."""
    return getattr(estimator, "n_clusters_", getattr(estimator, "n_clusters", None))


def read_spaces(estimator: Any, X: Any) -> Spaces:
    """Read ``X`` with the spaces that the estimator distinguishes.

    Parameters
    ----------
    estimator : estimator
        Any fitted clustering.
    X : collection of matrices, or matrix
        As passed by the user. A matrix is one space for an estimator of another package.

    Returns
    -------
    Spaces
    """
    if hasattr(estimator, "_space_columns"):
        return read_predict_input(estimator, X)
    if is_collection_of_spaces(X):
        return spaces_of_collection(X)
    # names of columns are compared with those of the fit
    fitted = estimator if hasattr(estimator, "feature_names_in_") else None
    matrix = check_matrix(X, None, estimator=fitted, reset=False)
    return spaces_of_matrix(matrix, *parse_columns(None, matrix.shape[1]))
