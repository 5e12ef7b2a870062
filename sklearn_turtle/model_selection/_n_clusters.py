"""Choose the number of clusters without labels."""

from numbers import Integral

from sklearn.base import clone
from sklearn.utils._param_validation import Interval, validate_params

from sklearn_turtle._estimator.n_clusters import N_INIT, choose_n_clusters
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
    X,
    candidates=None,
    *,
    estimator=None,
    n_init=N_INIT,
    n_jobs=None,
    random_state=None,
    verbose=0,
):
    """Choose the number of clusters at which a labeling says most, reliably, without labels.

    Labelings of one half of the data and of the other are the same where the data have the
    clusters that they look for, and differ where there are too few or too many; and linear
    classifiers predict such clusters on rows that they have not seen. Few clusters are easily
    reliable, and say little. The mere shape of the data, such as one long axis, may make labelings
    agree as well; so how well classifiers predict is compared with data of the same covariances
    that have no clusters. See ``score`` of :class:`NClustersSelection` for how this is weighed.

    Labelings are what fits of few restarts give. They are polished so that clusters may be of
    somewhat unequal size, and so that they may be of any size, and some empty; these are taken
    where classifiers err on them less by far. The data are split into halves at random, twice for
    each number, and for those that may be the best 8 times up to 25 clusters, 4 times up to 50.

    Parameters
    ----------
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for :class:`~sklearn_turtle.TurtleClustering`.
    candidates : array-like of int or None, default=None
        Numbers of clusters to try. None to search from 2 to 300, or to a tenth of the number of
        samples where that is less: 24 numbers at equal ratios, then, twice, three between the
        neighbors of the best of them.
    estimator : TurtleClustering or None, default=None
        Gives all other parameters, such as ``spaces`` and ``device``; None for the defaults.
        Its ``n_clusters``, ``n_init`` and ``random_state`` are not used. A ``batch_size`` of
        "auto" is 10 rows of each cluster here, and at least 1000, or half of the rows that a
        labeling sees where these are fewer.
    n_init : int, default=4
        Number of restarts that make a labeling.
    n_jobs : int or None, default=None
        Number of candidates whose labelings run at the same time, by joblib: in processes of this
        machine, or of the cluster of the joblib backend in force (Dask, Ray). None for 1 unless
        in a ``joblib.parallel_config`` context, -1 for all processors. The result does not
        depend on it. Every process holds the features of its own.
    random_state : int, RandomState instance or None, default=None
        Determines the halves, the restarts and the data without clusters. Pass an int for the same
        result in every call.
    verbose : int, default=0
        1 prints a line each time that a candidate is measured.

    Returns
    -------
    NClustersSelection
        The number chosen and the curve behind it.

    Raises
    ------
    ValueError
        If a candidate is below 2, or above the number of samples or 4000, or if ``X`` does not
        fit the estimator.

    See Also
    --------
    stability_score : The stability alone, as a scorer.
    sklearn_turtle.display.NClustersDisplay : Draws the curve.

    Notes
    -----
    Agreement of labelings as a sign of the right number of clusters: [1]_; those of halves of the
    data: [2]_; classifiers that predict clusters on further rows: [3]_; the comparison with data
    without clusters follows the gap statistic [4]_.

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
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=5, random_state=0)
    >>> select_n_clusters(X, range(2, 9), random_state=0).n_clusters
    5
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
