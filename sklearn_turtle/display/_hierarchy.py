"""Which clusters are close to each other, as a tree."""

import numpy as np
from scipy.cluster.hierarchy import dendrogram

from sklearn_turtle._input._clustered_rows import read_clustered_rows
from sklearn_turtle.display._base import Display, names_of_clusters
from sklearn_turtle.exploration._hierarchy import linkage_of


class ClusterHierarchyDisplay(Display):
    """Dendrogram of the clusters.

    Parameters
    ----------
    joins : ndarray of shape (n_clusters - 1, 4)
        Linkage matrix, as :func:`~sklearn_turtle.exploration.cluster_linkage` gives it.
    names : list of str
        Name of each leaf.

    Attributes
    ----------
    dendrogram_ : dict
        What :func:`scipy.cluster.hierarchy.dendrogram` returned, once drawn.
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ClusterHierarchyDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> ClusterHierarchyDisplay.from_estimator(turtle, X).names
    ['0', '1', '2', '3']
    """

    def __init__(self, joins, *, names):
        self.joins = joins
        self.names = names

    @classmethod
    def from_estimator(cls, estimator, X, *, method="complete", names=None):
        """Of the clusters that have samples in ``X``.

        Parameters
        ----------
        estimator : estimator
            Fitted, with ``predict``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict``.
        method : {"average", "complete", "single", "weighted"}, default="complete"
            As for :func:`~sklearn_turtle.exploration.cluster_linkage`.
        names : list of str or None, default=None
            Name of each cluster, such as :func:`~sklearn_turtle.exploration.name_clusters` gives;
            None for their numbers.

        Returns
        -------
        ClusterHierarchyDisplay
            Not drawn yet: call ``plot``.
        """
        clustered = read_clustered_rows(estimator, X)
        names = names_of_clusters(names, clustered.n_clusters)
        leaves = np.flatnonzero(clustered.sizes)
        return cls(linkage_of(clustered, method), names=[names[leaf] for leaf in leaves])

    def _draw(self, ax, **style):
        style = {"orientation": "right"} | style
        self.dendrogram_ = dendrogram(self.joins, labels=self.names, ax=ax, **style)
        ax.set(xlabel="Distance of the clusters")
