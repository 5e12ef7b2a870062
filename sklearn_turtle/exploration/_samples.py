"""Samples that show what a cluster is, where it ends, and what does not belong."""

from numbers import Integral

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
def cluster_representatives(estimator, X, n_representatives=10):
    """Find the samples of each cluster that are closest to its mean: what the cluster is.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        Where it does not tell spaces apart, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    n_representatives : int, default=10
        Number of samples a cluster; all of them where there are fewer.

    Returns
    -------
    representatives : list of ndarray of shape (n_representatives,), int64
        Rows of ``X`` of each cluster, the most typical first; empty for an empty cluster.

    Raises
    ------
    ValueError
        If ``n_representatives`` is not positive, or ``X`` does not fit the estimator.

    See Also
    --------
    outlier_samples : The opposite.
    boundary_samples : Samples between two clusters.

    Notes
    -----
    The distance of a sample from a mean is the root of the mean over the spaces of the squared
    Euclidean distance, in each space divided by its mean over all samples and their own clusters.

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


def representatives_of(geometry, n_representatives):
    """As :func:`cluster_representatives`, of a ClusterGeometry."""
    clustered = geometry.clustered
    order = np.lexsort((geometry.own_distances, clustered.labels))
    by_cluster = np.split(order, np.cumsum(clustered.sizes)[:-1])
    return [of_cluster[:n_representatives] for of_cluster in by_cluster]


@validate_params(
    {
        "estimator": [HasMethods("predict")],
        "n_outliers": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def outlier_samples(estimator, X, n_outliers=10):
    """Find the samples that are farthest from all clusters: what belongs to none of them.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        Where it does not tell spaces apart, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    n_outliers : int, default=10
        Number of samples; all of them where there are fewer.

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
    cluster_representatives : The opposite, and what distances are.
    sklearn_turtle.exploration.uncertain_samples : Samples that may belong to several clusters.

    Notes
    -----
    The distance of a sample is that from the nearest mean of a cluster, which need not be its own:
    a sample that lies in the wrong cluster is no outlier.

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
    return np.argsort(-distances, kind="stable")[:n_outliers]


@validate_params(
    {
        "estimator": [HasMethods("predict_proba")],
        "clusters": ["array-like"],
        "n_boundary": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def boundary_samples(estimator, X, clusters, n_boundary=10):
    """Find the samples between two clusters: where the one ends and the other begins.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or anything else with
        ``predict_proba``.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict_proba``.
    clusters : pair of int
        The two clusters.
    n_boundary : int, default=10
        Number of samples at most.

    Returns
    -------
    indices : ndarray of shape (n_samples_found,), int64
        Rows of ``X`` of which the two clusters are the two most likely ones, those whose
        probabilities differ least first; fewer than ``n_boundary`` where there are no more.

    Raises
    ------
    ValueError
        If ``clusters`` are not two distinct clusters, if ``n_boundary`` is not positive, or if
        ``X`` does not fit the estimator.

    See Also
    --------
    sklearn_turtle.exploration.uncertain_samples : Samples between any clusters.

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
            f"clusters={clusters!r} must be two distinct clusters, of 0 to {n_clusters - 1}."
        )
    first, second = probabilities[:, pair[0]], probabilities[:, pair[1]]
    others = np.delete(probabilities, pair, axis=1).max(1, initial=0.0)
    (between,) = np.nonzero(np.minimum(first, second) >= others)
    margins = np.abs(first - second)[between]
    return between[np.argsort(margins, kind="stable")[:n_boundary]]
