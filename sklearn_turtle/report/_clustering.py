"""The clustering that a report is of: a fitted estimator or labels."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import column_or_1d

from sklearn_turtle._input._clustered_rows import read_clustered_rows, read_spaces
from sklearn_turtle.display._base import names_of_clusters
from sklearn_turtle.exploration import name_clusters


@dataclass(frozen=True)
class ReportedClustering:
    """What a clustering gave each sample; stands in for the estimator, which is asked once.

    Attributes
    ----------
    estimator : estimator or array-like
        As passed by the user, for what it knows of its fit.
    spaces : dict of str to matrix
        The samples in each space.
    labels : ndarray of shape (n_samples,)
        Cluster of each sample.
    names : list of str
        Name of each cluster.
    probabilities : ndarray of shape (n_samples, n_clusters) or None
        None where the clustering has none.
    """

    estimator: Any
    spaces: dict
    labels: np.ndarray
    names: list[str]
    probabilities: np.ndarray | None

    @property
    def n_clusters(self):
        """Number of clusters, those without samples included."""
        return len(self.names)

    def predict(self, X):
        """Labels of the samples of the report, whatever ``X``."""
        return self.labels

    def predict_proba(self, X):
        """Probabilities of the samples of the report; 1 for their clusters where there are none."""
        if self.probabilities is not None:
            return self.probabilities
        return np.eye(self.n_clusters, dtype=np.float32)[self.labels]


def read_clustering(estimator, X, names, texts):
    """Read the clustering of a report, as :func:`~sklearn_turtle.report.write_report` takes it.

    Returns
    -------
    ReportedClustering
    """
    spaces = read_spaces(estimator, X)
    probabilities = None
    if not hasattr(estimator, "predict"):
        values, labels = _read_labels(estimator, spaces.n_samples)
    elif hasattr(estimator, "predict_proba"):
        probabilities = np.asarray(estimator.predict_proba(X))
        values, labels = range(probabilities.shape[1]), probabilities.argmax(1)
    else:
        clustered = read_clustered_rows(estimator, X)
        values, labels = range(clustered.n_clusters), clustered.labels
    clustering = ReportedClustering(
        estimator,
        dict(zip(spaces.names, spaces.matrices, strict=True)),
        labels,
        names_of_clusters(
            [_name(value) for value in values] if names is None else names, len(values)
        ),
        probabilities,
    )
    if texts is None or names is not None or isinstance(values[0], str):
        return clustering
    named = name_clusters(clustering, clustering.spaces, texts=texts)
    return replace(clustering, names=named.names)


def _read_labels(labels, n_samples):
    """Distinct labels in their order, and the position among them of that of each sample."""
    labels = column_or_1d(labels)
    if len(labels) != n_samples:
        raise ValueError(f"There are {len(labels)} labels, but X has {n_samples} samples.")
    assert_all_finite(labels, input_name="labels")
    values, labels = np.unique(labels, return_inverse=True)
    return values.tolist(), labels


def _name(value):
    """What a cluster is called where nobody names it."""
    return value if isinstance(value, str) else f"cluster {value}"
