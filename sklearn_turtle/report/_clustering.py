"""The clustering that a report shows: a fitted estimator or labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.utils import assert_all_finite

from sklearn_turtle._input._cluster_names import names_of_clusters
from sklearn_turtle._input._clustered_rows import read_clustered_rows, read_spaces
from sklearn_turtle._input._labels import read_column
from sklearn_turtle.exploration import name_clusters


@dataclass(frozen=True)
class ReportedClustering:
    """Samples with their predictions.

    It replaces the estimator in all later calls, so that the samples are predicted only once.

    Attributes
    ----------
    estimator : estimator or array-like
        As passed by the user; may have attributes of its fit.
    spaces : dict of str to matrix
        The samples in each space.
    labels : ndarray of shape (n_samples,)
        Cluster of each sample.
    names : list of str
        Name of each cluster.
    probabilities : ndarray of shape (n_samples, n_clusters) or None
        Probability of each cluster; None if the clustering has no probabilities.
    """

    estimator: Any
    spaces: dict[str, Any]
    labels: np.ndarray
    names: list[str]
    probabilities: np.ndarray | None

    @property
    def n_clusters(self) -> int:
        """Number of clusters, including those without samples."""
        return len(self.names)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Number of samples in each cluster, (n_clusters,)."""
        return np.bincount(self.labels, minlength=self.n_clusters)

    @cached_property
    def confidence(self) -> np.ndarray | None:
        """Probability of the cluster of each sample, (n_samples,), or None."""
        return None if self.probabilities is None else np.max(self.probabilities, axis=1)

    def predict(self, X: Any) -> np.ndarray:
        """Return the labels of the samples of the report, regardless of ``X``."""
        return self.labels

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probabilities of the samples of the report, regardless of ``X``.

        If the clustering has no probabilities, return 1 for the cluster of each sample.
        """
        if self.probabilities is not None:
            return self.probabilities
        certain: np.ndarray = np.eye(self.n_clusters, dtype=np.float32)[self.labels]
        return certain


def read_clustering(
    estimator: Any, X: Any, names: Sequence[str] | None, texts: Any
) -> ReportedClustering:
    """Read the clustering of a report; parameters as in ``write_report``.

    Returns
    -------
    ReportedClustering
    """
    spaces = read_spaces(estimator, X)
    values: Sequence[Any]  # one value per cluster: a label given by the user, or a number
    probabilities = None
    if not hasattr(estimator, "predict"):
        values, labels = _read_labels(estimator, spaces.n_samples)
    elif hasattr(estimator, "predict_proba"):
        probabilities = np.asarray(estimator.predict_proba(X))
        values, labels = range(probabilities.shape[1]), probabilities.argmax(1)
    else:
        clustered = read_clustered_rows(estimator, X)
        values, labels = range(clustered.n_clusters), clustered.labels
        if labels.min() < 0:  # rejected rows are a group of their own, as among given labels
            values, labels = _read_labels(labels, len(labels))
    clustering = ReportedClustering(
        estimator,
        dict(zip(spaces.names, spaces.matrices, strict=True)),
        labels,
        names_of_clusters(
            [_default_name(value) for value in values] if names is None else names, len(values)
        ),
        probabilities,
    )
    if texts is None or names is not None or isinstance(values[0], str):
        return clustering
    named = name_clusters(clustering, clustering.spaces, texts=texts)
    return replace(clustering, names=named.names)


def _read_labels(labels: Any, n_samples: int) -> tuple[list[Any], np.ndarray]:
    """Return the sorted distinct labels, and the index among them of each sample's label."""
    labels = read_column(labels, "labels")
    if len(labels) != n_samples:
        raise ValueError(f"There are {len(labels)} labels, but X has {n_samples} samples.")
    assert_all_finite(labels, input_name="labels")
    values, labels = np.unique(labels, return_inverse=True)
    return values.tolist(), labels


def _default_name(value: Any) -> str:
    return value if isinstance(value, str) else f"cluster {value}"
