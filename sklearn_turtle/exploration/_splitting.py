"""Split a cluster of a fitted clustering."""

from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils._param_validation import HasMethods, Interval, validate_params
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import n_clusters_of, read_spaces
from sklearn_turtle._input.lazy import LazyMatrix
from sklearn_turtle.exploration._edited import EditedClustering, base_of, with_edit
from sklearn_turtle.exploration._edits import Split


@validate_params(
    {
        "estimator": [HasMethods(["fit", "predict_proba"])],
        "cluster": [Interval(Integral, 0, None, closed="left")],
        "n_clusters": [Interval(Integral, 2, None, closed="left")],
        "splitter": [HasMethods(["fit", "predict_proba"]), None],
    },
    prefer_skip_nested_validation=True,
)
def split_cluster(
    estimator: Any, X: Any, cluster: int, n_clusters: int = 2, *, splitter: Any = None
) -> EditedClustering:
    """Split one cluster into several.

    A clustering is fitted to the samples of that cluster. The probability of each new cluster is
    the probability of the old one times the probability that this clustering gives it. The
    probabilities of all other clusters stay as they are.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with
        ``predict_proba`` and ``n_clusters``. It is not changed.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict_proba``. The samples of the cluster are used.
    cluster : int
        The cluster to split.
    n_clusters : int, default=2
        Number of clusters to split it into.
    splitter : estimator or None, default=None
        A clustering of spaces with ``predict_proba`` and the parameter ``n_clusters``. A clone of
        it is fitted to the samples of the cluster. None for a clone of ``estimator``, with the
        same parameters otherwise.

    Returns
    -------
    EditedClustering
        The first new cluster has the number of the old one; the others come after all existing
        clusters. ``labels_`` are the clusters of the samples of ``X``.

    Raises
    ------
    ValueError
        If the estimator has no such cluster, or if the cluster has fewer than ``n_clusters``
        samples in ``X``.
    NotFittedError
        If the estimator is not fitted.

    Warns
    -----
    UserWarning
        Warnings of the fit of the splitter: if its restarts hardly agree, the cluster has no such
        parts.

    See Also
    --------
    merge_clusters : Merge clusters.
    refit_from_labels : Fit a linear labeling to the labels.

    Notes
    -----
    ``predict`` returns the cluster of the highest probability. Uncertain samples may leave the
    cluster that is split, because its parts share its probability.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import split_cluster
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=3, n_init=8, random_state=0).fit(X)
    >>> split = split_cluster(turtle, X, 0)
    >>> split.n_clusters, split.predict_proba(X).shape
    (4, (300, 4))
    """
    check_is_fitted(estimator)
    n_before = n_clusters_of(estimator)
    if cluster >= n_before:
        raise ValueError(f"cluster={cluster} must be one of the clusters, 0 to {n_before - 1}.")
    (rows,) = np.nonzero(estimator.predict(X) == cluster)
    if len(rows) < n_clusters:
        raise ValueError(
            f"Cluster {cluster} has {len(rows)} samples in X, too few to split it into "
            f"{n_clusters} clusters."
        )
    spaces = read_spaces(estimator, X)
    if splitter is None:
        splitter = clone(base_of(estimator)).set_params(spaces=None)
    else:
        splitter = clone(splitter)
    splitter.set_params(n_clusters=n_clusters)
    of_cluster = [
        matrix.take(rows) if isinstance(matrix, LazyMatrix) else matrix[rows]
        for matrix in spaces.matrices
    ]
    parts = splitter.fit(dict(zip(spaces.names, of_cluster, strict=True)))
    return with_edit(estimator, Split(int(cluster), parts)).fit(X)
