"""k-means on several spaces."""

from collections.abc import Mapping
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import check_number_of_samples, replace_fitted
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle.paper.baselines._arrays import float_arrays


class SpacesKMeans(ClusterMixin, BaseEstimator):
    """Cluster samples by k-means on the features of all spaces, side by side.

    The features of each space are scaled to unit norm, so that all spaces have the same weight,
    and concatenated. All else is :class:`sklearn.cluster.KMeans`, from which the name sets it
    apart.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.

    spaces : None, "prefix", list or dict, default=None
        Which columns of a 2-D ``X`` belong to which space, as for
        :class:`~sklearn_turtle.TurtleClustering`.

    n_init : int, default=10
        Number of starts, by k-means++, of which the one with the lowest inertia is kept.

    max_iter : int, default=1000
        Number of iterations of a start at most.

    random_state : int, RandomState instance or None, default=None
        Determines the initial centers. Pass an int for the same result in every call.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample, in the order that KMeans gives them.

    kmeans_ : sklearn.cluster.KMeans
        The fitted k-means, with the centers and the inertia.

    n_iter_ : int
        Number of iterations of the start that was kept.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Number of features of all spaces together.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features where ``X`` has names that are all strings.

    See Also
    --------
    sklearn.cluster.KMeans : What does the work.

    Notes
    -----
    The settings are those of the baseline of the TURTLE paper [1]_. Its released code leaves the
    norms as they are where there is one space only; for that, use KMeans itself. A row of zeros
    stays one.

    References
    ----------
    .. [1] A. Gadetsky, Y. Jiang, M. Brbic, "Let Go of Your Labels with Unsupervised Transfer",
       ICML 2024. https://arxiv.org/abs/2406.07236

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.paper.baselines import SpacesKMeans
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> SpacesKMeans(4, random_state=0).fit([X[:, :10], X[:, 10:]]).labels_.shape
    (300,)
    """

    _parameter_constraints = {
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(self, n_clusters=8, *, spaces=None, n_init=10, max_iter=1000, random_state=None):
        self.n_clusters = n_clusters
        self.spaces = spaces
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Find the clusters.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`sklearn_turtle.TurtleClustering.fit`.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : SpacesKMeans
            The fitted estimator.

        Raises
        ------
        ValueError
            If the matrices are not 2-D, are empty, differ in their number of rows, have fewer
            rows than ``n_clusters``, or hold NaN or infinity; or if ``spaces`` does not fit
            ``X``.
        TypeError
            If a matrix is sparse.
        """
        spaces, attributes = read_fit_input(self, X)
        check_number_of_samples(self, spaces.n_samples)
        kmeans = KMeans(
            self.n_clusters,
            n_init=self.n_init,
            max_iter=self.max_iter,
            random_state=self.random_state,
        ).fit(_side_by_side(spaces))
        attributes |= {"kmeans_": kmeans, "labels_": kmeans.labels_, "n_iter_": kmeans.n_iter_}
        replace_fitted(self, attributes)
        return self

    def predict(self, X):
        """Assign each sample to the cluster of the nearest center.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            Cluster of each sample.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features are not those that ``fit`` saw, or if they
            hold NaN or infinity.
        """
        check_is_fitted(self)
        features = _side_by_side(read_predict_input(self, X))
        return self.kmeans_.predict(
            features.astype(self.kmeans_.cluster_centers_.dtype, copy=False)
        )


def _side_by_side(spaces):
    """Features of unit norm of all spaces, side by side."""
    return np.hstack([normalize(features) for features in float_arrays(spaces)])
