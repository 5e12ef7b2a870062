"""k-means on several spaces."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, _fit_context
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import check_number_of_samples, replace_fitted
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle.paper.baselines._arrays import float_arrays


class SpacesKMeans(ClusterMixin, BaseEstimator):
    """Cluster samples by k-means on the concatenated features of all spaces.

    The features of each space are scaled to unit norm, so that all spaces have the same weight,
    and then concatenated. :class:`sklearn.cluster.KMeans` clusters the result.

    Parameters
    ----------
    n_clusters : int, default=8
        Number of clusters.

    spaces : None, "prefix", list or dict, default=None
        The columns of each space in a 2-D ``X``; see :class:`~sklearn_turtle.TurtleClustering`.

    n_init : int, default=10
        Number of k-means++ initializations. The result with the lowest inertia is kept.

    max_iter : int, default=1000
        Maximum number of iterations for each initialization.

    random_state : int, RandomState instance or None, default=None
        Determines the initial centers. Pass an int for reproducible results.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample, with the numbers that KMeans assigns.

    kmeans_ : sklearn.cluster.KMeans
        The fitted k-means, with the centers and the inertia.

    n_iter_ : int
        Number of iterations for the initialization that was kept.

    space_names_ : list of str
        Name of each space.

    n_features_in_ : int
        Total number of features of all spaces.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features. Defined only if ``X`` has feature names that are all strings.

    See Also
    --------
    sklearn.cluster.KMeans : The k-means algorithm for one matrix.

    Notes
    -----
    The settings are those of the baseline of the TURTLE paper [1]_. With one space, the paper's
    released code does not scale the features to unit norm; use KMeans directly for that. A row
    of zeros remains zero.

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

    _parameter_constraints: dict[str, Any] = {
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "spaces": [None, StrOptions({"prefix"}), "array-like", Mapping],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        spaces: Any = None,
        n_init: int = 10,
        max_iter: int = 1000,
        random_state: Any = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.spaces = spaces
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> "SpacesKMeans":
        """Find the clusters.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features; see :meth:`sklearn_turtle.TurtleClustering.fit`.

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
            rows than ``n_clusters``, or contain NaN or infinity; or if ``spaces`` does not match
            ``X``.
        TypeError
            If a matrix is sparse.
        """
        spaces, schema = read_fit_input(self, X)
        check_number_of_samples(self, spaces.n_samples)
        kmeans = KMeans(
            self.n_clusters,
            n_init=self.n_init,
            max_iter=self.max_iter,
            random_state=self.random_state,
        ).fit(_concatenated(spaces))
        attributes = schema.attributes | {
            "kmeans_": kmeans,
            "labels_": kmeans.labels_,
            "n_iter_": kmeans.n_iter_,
        }
        replace_fitted(self, attributes)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Assign each sample to the cluster with the nearest center.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as separate matrices or stacked.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            Cluster of each sample.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features differ from those of ``fit``, or if they
            contain NaN or infinity.
        """
        check_is_fitted(self)
        features = _concatenated(read_predict_input(self, X))
        labels: np.ndarray = self.kmeans_.predict(
            features.astype(self.kmeans_.cluster_centers_.dtype, copy=False)
        )
        return labels


def _concatenated(spaces: Spaces) -> np.ndarray:
    """Concatenate the features of all spaces, each scaled to unit norm."""
    return np.hstack([normalize(features) for features in float_arrays(spaces)])
