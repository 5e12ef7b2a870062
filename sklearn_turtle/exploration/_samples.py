"""Typical samples, outliers and samples between two clusters."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils._param_validation import HasMethods, Interval, validate_params

from sklearn_turtle.exploration._geometry import ClusterGeometry


@validate_params(
    {
        "estimator": [HasMethods("predict")],
        "n_representatives": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def cluster_representatives(
    estimator: Any, X: Any, n_representatives: int = 10
) -> list[np.ndarray]:
    """Find the samples of each cluster that are closest to its mean.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        For one without spaces, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    n_representatives : int, default=10
        Number of samples per cluster; all samples if the cluster has fewer.

    Returns
    -------
    representatives : list of ndarray of shape (n_representatives,), int64
        Rows of ``X`` in each cluster, the most typical first; empty for an empty cluster.

    Raises
    ------
    ValueError
        If ``n_representatives`` is not positive, or ``X`` does not fit the estimator.

    See Also
    --------
    outlier_samples : Samples far from all clusters.
    boundary_samples : Samples between two clusters.

    Notes
    -----
    The distance of a sample from a mean is the square root of the mean over the spaces of the
    squared Euclidean distance. In each space, the squared distance is divided by its mean over all
    samples and their own clusters. Samples that ``predict`` rejects (-1) are left out.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import cluster_representatives
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> representatives = cluster_representatives(turtle, X, 5)
    >>> [len(of_cluster) for of_cluster in representatives]
    [5, 5, 5, 5]
    """
    return representatives_of(ClusterGeometry.of(estimator, X), n_representatives)


def representatives_of(geometry: ClusterGeometry, n_representatives: int) -> list[np.ndarray]:
    """As :func:`cluster_representatives`, for samples whose geometry is known."""
    clustered = geometry.clustered
    order = np.lexsort((geometry.own_distances, clustered.labels))
    n_rejected = len(order) - clustered.sizes.sum()  # their label is -1, the lowest
    by_cluster = np.split(order[n_rejected:], np.cumsum(clustered.sizes)[:-1])
    return [of_cluster[:n_representatives] for of_cluster in by_cluster]


@validate_params(
    {
        "estimator": [HasMethods("predict")],
        "n_outliers": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def outlier_samples(estimator: Any, X: Any, n_outliers: int = 10) -> np.ndarray:
    """Find the samples that are farthest from all clusters.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        For one without spaces, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    n_outliers : int, default=10
        Number of samples; all samples if there are fewer.

    Returns
    -------
    indices : ndarray of shape (n_outliers,), int64
        Rows of ``X``, the farthest first.

    Raises
    ------
    ValueError
        If ``n_outliers`` is not positive, or ``X`` does not fit the estimator.

    See Also
    --------
    cluster_representatives : Samples close to the means, and the definition of distance.
    uncertain_samples : Samples that may belong to several clusters.

    Notes
    -----
    The distance of a sample is measured from the nearest mean of any cluster: a sample in the wrong
    cluster is not an outlier. Samples that ``predict`` rejects (-1) can be outliers, but the means
    are those of the others.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import outlier_samples
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> outlier_samples(turtle, np.vstack([X, np.full((1, 20), 100.0)]), 1).tolist()
    [300]
    """
    distances = ClusterGeometry.of(estimator, X).nearest_distances()
    farthest: np.ndarray = np.argsort(-distances, kind="stable")
    return farthest[:n_outliers]


@validate_params(
    {
        "estimator": [HasMethods("predict_proba")],
        "clusters": ["array-like"],
        "n_boundary": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def boundary_samples(
    estimator: Any, X: Any, clusters: Sequence[int], n_boundary: int = 10
) -> np.ndarray:
    """Find the samples between two clusters.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with
        ``predict_proba``.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict_proba``.
    clusters : pair of int
        The two clusters.
    n_boundary : int, default=10
        Maximum number of samples.

    Returns
    -------
    indices : ndarray of shape (n_samples_found,), int64
        Rows of ``X`` whose two most likely clusters are the two clusters, in increasing order of
        the difference of the two probabilities.

    Raises
    ------
    ValueError
        If ``clusters`` is not a pair of distinct clusters, if ``n_boundary`` is not positive, or
        if ``X`` does not fit the estimator.

    See Also
    --------
    uncertain_samples : Samples between any clusters.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import boundary_samples
    >>> X, y = make_blobs(300, n_features=20, centers=2, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=2, random_state=0).fit(X)
    >>> boundary_samples(turtle, X, (0, 1), 5).shape
    (5,)
    """
    probabilities = estimator.predict_proba(X)
    n_clusters = probabilities.shape[1]
    pair = np.unique(clusters)
    if (
        np.shape(clusters) != (2,)
        or len(pair) != 2
        or pair.dtype.kind not in "iu"
        or pair[0] < 0
        or pair[1] >= n_clusters
    ):
        raise ValueError(
            f"clusters must be two distinct clusters from 0 to {n_clusters - 1}; got {clusters!r}."
        )
    first, second = probabilities[:, pair[0]], probabilities[:, pair[1]]
    others = np.delete(probabilities, pair, axis=1).max(1, initial=0.0)
    (between,) = np.nonzero(np.minimum(first, second) >= others)
    margins = np.abs(first - second)[between]
    closest: np.ndarray = between[np.argsort(margins, kind="stable")]
    return closest[:n_boundary]
