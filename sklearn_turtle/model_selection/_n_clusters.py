"""Choose the number of clusters without labels."""

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils._param_validation import Interval, validate_params

from sklearn_turtle._estimator.n_clusters import N_INIT, NClustersSelection, choose_n_clusters
from sklearn_turtle._turtle import TurtleClustering


@validate_params(
    {
        "candidates": ["array-like", None],
        "estimator": [TurtleClustering, None],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def select_n_clusters(
    X: Any,
    candidates: Iterable[int] | None = None,
    *,
    estimator: TurtleClustering | None = None,
    n_init: int = N_INIT,
    n_jobs: int | None = None,
    random_state: int | np.random.RandomState | None = None,
    verbose: int = 0,
) -> NClustersSelection:
    """Choose the number of clusters from stability and predictability, without labels.

    Stability: two labelings, each found from one half of the data, agree if the data have the
    clusters that they look for, and differ if there are too few or too many. Predictability:
    linear classifiers predict such clusters on rows that they have not seen. The shape of the
    data, such as one long axis, can make labelings agree without clusters, so the accuracy of the
    classifiers is compared with that on data of the same covariances that have no clusters.
    ``score`` of :class:`NClustersSelection` combines both, and favors more clusters over fewer if
    they are as stable and as predictable.

    Every candidate uses four restarts, because more restarts agree more. Each labeling is polished
    twice: once to clusters of similar sizes, and once to clusters of any size, some of which may
    be empty. The second is taken if classifiers make far fewer errors on it. The data are split
    into halves at random, twice for each candidate. Candidates with leading scores are measured on
    more splits: 8 up to 25 clusters, 6 up to 33, and 4 up to 50.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for :class:`~sklearn_turtle.TurtleClustering`.
    candidates : array-like of int or None, default=None
        Numbers of clusters to try, from 2 to the number of samples, at most 4000. None to try
        numbers from 2 to 300, or to a tenth of the number of samples if that is less: 24 numbers
        at equal ratios, then, twice, three numbers between the neighbors of the best one.
    estimator : TurtleClustering or None, default=None
        Gives all other parameters, such as ``spaces`` and ``device``; None for the defaults.
        Its ``n_clusters``, ``n_init`` and ``random_state`` are not used. Its ``cluster_prior``
        must not be an array. If its ``batch_size`` is "auto", a mini-batch has 10 rows per
        cluster, but at least 1000, or a quarter of all rows if that is less.
    n_init : int, default=4
        Number of restarts per labeling.
    n_jobs : int or None, default=None
        Number of candidates that joblib measures at the same time: in processes of this machine,
        or of the cluster of the active joblib backend (Dask, Ray). None for 1 unless in a
        ``joblib.parallel_config`` context, -1 for all processors. The result does not depend on
        it, up to rounding. Every process holds its own copy of the features.
    random_state : int, RandomState instance or None, default=None
        Determines the halves, the restarts and the data without clusters. Pass an int for the same
        result in every call.
    verbose : int, default=0
        1 prints a line each time a candidate is measured.

    Returns
    -------
    NClustersSelection
        The number that is chosen and the curve behind it.

    Raises
    ------
    ValueError
        If a candidate is below 2, or above the number of samples or 4000; if ``cluster_prior`` of
        the estimator is an array; or if ``X`` does not fit the estimator.

    See Also
    --------
    stability_score : The stability alone, as a scorer.
    sklearn_turtle.display.NClustersDisplay : Draw the curve.

    Notes
    -----
    On agreement of labelings as a sign of the right number of clusters, see [1]_; on labelings of
    halves of the data, [2]_; on classifiers that predict clusters of further rows, [3]_. The
    comparison with data without clusters follows the gap statistic [4]_.

    References
    ----------
    .. [1] U. von Luxburg, "Clustering stability: an overview", Foundations and Trends in Machine
       Learning 2(3), 2010.
    .. [2] T. Lange, V. Roth, M. L. Braun, J. M. Buhmann, "Stability-based validation of clustering
       solutions", Neural Computation 16(6), 2004.
    .. [3] R. Tibshirani, G. Walther, "Cluster validation by prediction strength", Journal of
       Computational and Graphical Statistics 14(3), 2005.
    .. [4] R. Tibshirani, G. Walther, T. Hastie, "Estimating the number of clusters in a data set
       via the gap statistic", Journal of the Royal Statistical Society B 63(2), 2001.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(100, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(max_iter=30, polish_iter=10)  # quick, for well-separated blobs
    >>> select_n_clusters(X, range(2, 6), estimator=turtle, random_state=0).n_clusters
    4
    """
    estimator = TurtleClustering() if estimator is None else clone(estimator)
    return choose_n_clusters(
        X,
        estimator.set_params(n_init=n_init),
        candidates,
        n_jobs=n_jobs,
        random_state=random_state,
        verbose=verbose,
    )
