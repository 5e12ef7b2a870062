"""Plot of the hierarchy of the clusters."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import dendrogram

from sklearn_turtle._input._cluster_names import names_of_clusters
from sklearn_turtle._input._clustered_rows import ClusteredRows, read_clustered_rows
from sklearn_turtle.display._base import Display
from sklearn_turtle.exploration import cluster_linkage


class ClusterHierarchyDisplay(Display):
    """Dendrogram of the clusters.

    Parameters
    ----------
    joins : ndarray of shape (n_clusters - 1, 4)
        Linkage matrix, as returned by :func:`~sklearn_turtle.exploration.cluster_linkage`.
    names : list of str
        Name of each leaf.

    Attributes
    ----------
    dendrogram_ : dict
        The result of :func:`scipy.cluster.hierarchy.dendrogram`, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ClusterHierarchyDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> ClusterHierarchyDisplay.from_estimator(turtle, X).names
    ['0', '1', '2', '3']
    """

    def __init__(self, joins: np.ndarray, *, names: list[str]) -> None:
        self.joins = joins
        self.names = names

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        *,
        method: str = "complete",
        names: Sequence[str] | None = None,
    ) -> "ClusterHierarchyDisplay":
        """Create a display of the clusters that have samples in ``X``.

        Parameters
        ----------
        estimator : estimator
            A fitted clustering with ``predict``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict``.
        method : {"average", "complete", "single", "weighted"}, default="complete"
            As for :func:`~sklearn_turtle.exploration.cluster_linkage`.
        names : list of str or None, default=None
            Name of each cluster, for example from
            :func:`~sklearn_turtle.exploration.name_clusters`; None for the numbers.

        Returns
        -------
        ClusterHierarchyDisplay
            Call its ``plot`` to draw it.
        """
        clustered = read_clustered_rows(estimator, X)
        names = names_of_clusters(names, clustered.n_clusters)
        spaces = dict(zip(clustered.spaces.names, clustered.spaces.matrices, strict=True))
        joins = cluster_linkage(_KnownClustering(clustered), spaces, method)
        leaves = np.flatnonzero(clustered.sizes)
        return cls(joins, names=[names[leaf] for leaf in leaves])

    def _draw(self, ax: Any, **style: Any) -> None:
        style = {"orientation": "right"} | style
        self.dendrogram_ = dendrogram(self.joins, labels=self.names, ax=ax, **style)
        ax.set(xlabel="Distance of the clusters")


class _KnownClustering:
    """Returns labels that are known already, so that they are predicted only once."""

    def __init__(self, clustered: ClusteredRows) -> None:
        self.labels = clustered.labels
        self.n_clusters = clustered.n_clusters
        self.device = clustered.device

    def predict(self, X: Any) -> np.ndarray:
        return self.labels
