"""Hierarchy of clusters that are close to each other."""

from numbers import Integral
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.spatial.distance import squareform
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions, validate_params

from sklearn_turtle._input._clustered_rows import ClusteredRows, read_clustered_rows

METHODS = StrOptions({"average", "complete", "single", "weighted"})


@validate_params(
    {"estimator": [HasMethods("predict")], "method": [METHODS]},
    prefer_skip_nested_validation=True,
)
def cluster_linkage(estimator: Any, X: Any, method: str = "complete") -> np.ndarray:
    """Join the two closest clusters, again and again, until one is left.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        For one without spaces, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    method : {"average", "complete", "single", "weighted"}, default="complete"
        How the distance of joined clusters follows from the distances of their parts, as for
        :func:`scipy.cluster.hierarchy.linkage`.

    Returns
    -------
    joins : ndarray of shape (n_clusters - 1, 4)
        Linkage matrix for the functions of ``scipy.cluster.hierarchy``. Its leaves are the
        clusters with samples in ``X``, in the order of their numbers.

    Raises
    ------
    ValueError
        If fewer than two clusters have samples, or ``X`` does not fit the estimator.

    See Also
    --------
    group_clusters : Groups of the clusters that are joined first.
    sklearn_turtle.display.ClusterHierarchyDisplay : Draw the hierarchy.

    Notes
    -----
    The similarity of two clusters is the cosine of their means, after the mean of all samples is
    subtracted, averaged over the spaces. Their distance is 1 minus the similarity: from 0 to 2.
    Samples that ``predict`` rejects (-1) are left out.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import cluster_linkage
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> cluster_linkage(turtle, X).shape
    (3, 4)
    """
    return linkage_of(read_clustered_rows(estimator, X), method)


@validate_params(
    {
        "estimator": [HasMethods("predict")],
        "n_groups": [Interval(Integral, 1, None, closed="left")],
        "method": [METHODS],
    },
    prefer_skip_nested_validation=True,
)
def group_clusters(
    estimator: Any, X: Any, n_groups: int, method: str = "complete"
) -> list[np.ndarray]:
    """Find groups of clusters that are close to each other, to merge them.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        For one without spaces, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    n_groups : int
        Number of groups.
    method : {"average", "complete", "single", "weighted"}, default="complete"
        As for :func:`cluster_linkage`.

    Returns
    -------
    groups : list of ndarray of int
        Clusters of each group, for :func:`merge_clusters`. Clusters without samples in ``X``
        belong to no group.

    Raises
    ------
    ValueError
        If there are fewer clusters with samples than groups, or fewer than two, or if ``X`` does
        not fit the estimator.

    See Also
    --------
    cluster_linkage : The hierarchy that is cut into groups.
    merge_clusters : Merge clusters.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import group_clusters, merge_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> groups = group_clusters(turtle, X, 2)
    >>> merge_clusters(turtle, *groups).n_clusters
    2
    """
    clustered = read_clustered_rows(estimator, X)
    joins = linkage_of(clustered, method)
    present = np.flatnonzero(clustered.sizes)
    if n_groups > len(present):
        raise ValueError(
            f"n_groups={n_groups} must be at most {len(present)}, the number of clusters with "
            "samples in X."
        )
    group_of = cut_tree(joins, n_groups)[:, 0]
    return [present[group_of == group] for group in range(n_groups)]


def linkage_of(clustered: ClusteredRows, method: str) -> np.ndarray:
    """As :func:`cluster_linkage`, for samples that have been read."""
    present = clustered.sizes > 0
    if present.sum() < 2:
        raise ValueError("A hierarchy needs samples of at least 2 clusters; X has samples of 1.")
    similarities = []
    for of_space in clustered.means():
        means = of_space.cpu().numpy()
        overall = clustered.sizes @ means / clustered.sizes.sum()
        directions = normalize(means[present] - overall)
        similarities.append(directions @ directions.T)
    # rounding may put a distance slightly below 0
    distances = np.clip(1 - np.mean(similarities, axis=0), 0, None)
    joins: np.ndarray = linkage(squareform(distances, checks=False), method)
    return joins
