"""Assign classes to clusters from a few labeled samples."""

from typing import Any

import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    MetaEstimatorMixin,
    _fit_context,
    clone,
)
from sklearn.frozen import FrozenEstimator
from sklearn.utils._param_validation import HasMethods
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from sklearn_turtle._input._read import read_classes


class ClusterClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """Classify samples by the classes of the labeled samples in their cluster.

    The probability of a class is the sum over the clusters of the probability of the cluster
    times the share of the class in that cluster. Shares are counted over the labeled samples, each
    weighted by its probability of the cluster, so that a cluster to which no labeled sample is
    assigned has shares as well. Several clusters may have the same class.

    Parameters
    ----------
    estimator : estimator
        A clustering with ``fit`` and ``predict_proba``, such as
        :class:`~sklearn_turtle.TurtleClustering`. ``fit`` fits a clone of it, without the labels.
        To keep a clustering that was fitted to many more samples than are labeled, wrap it in
        scikit-learn's ``FrozenEstimator``, or call :func:`assign_classes`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes.
    class_shares_ : ndarray of shape (n_clusters, n_classes)
        Share of each class in each cluster; rows sum to 1.
    estimator_ : estimator
        The fitted clustering.
    n_features_in_ : int
        Number of features of all spaces together.

    See Also
    --------
    assign_classes : Make a classifier from a fitted clustering.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import ClusterClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = ClusterClassifier(TurtleClustering(n_clusters=3, random_state=0))
    >>> bool(classifier.fit(X, y).score(X, y) > 0.8)
    True
    """

    _parameter_constraints = {"estimator": [HasMethods(["fit", "predict_proba"])]}

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Any, y: Any) -> "ClusterClassifier":
        """Fit the clustering to ``X`` without labels, then learn the classes of its clusters.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for the clustering.
        y : array-like of shape (n_samples,)
            Class of each sample, as integers or strings.

        Returns
        -------
        self : ClusterClassifier
            The fitted classifier.

        Raises
        ------
        ValueError
            If ``y`` does not have one class per sample, or if ``X`` does not fit the clustering.
        """
        y = read_classes(self, y)
        estimator = clone(self.estimator).fit(X, None)  # without the labels
        of_clusters = estimator.predict_proba(X)
        check_consistent_length(of_clusters, y)
        classes, y = np.unique(y, return_inverse=True)
        is_class = np.eye(len(classes))[y]
        shares = of_clusters.T.astype(np.float64) @ is_class
        without_samples = shares.sum(1) == 0
        shares[without_samples] = is_class.mean(0)
        self.estimator_ = estimator
        self.classes_ = classes
        self.class_shares_ = shares / shares.sum(1, keepdims=True)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Compute the probability of each class for each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for the clustering.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes), float64
            Rows sum to 1. Columns are in the order of ``classes_``.
        """
        check_is_fitted(self)
        probabilities: np.ndarray = self.estimator_.predict_proba(X) @ self.class_shares_
        probabilities /= probabilities.sum(1, keepdims=True)
        return probabilities

    def predict(self, X: Any) -> np.ndarray:
        """Classify each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for the clustering.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            The class of the highest probability.
        """
        most_likely = self.predict_proba(X).argmax(1)
        classes: np.ndarray = self.classes_[most_likely]
        return classes

    @property
    def n_features_in_(self) -> int:
        """Number of features of all spaces together."""
        check_is_fitted(self)
        n_features: int = self.estimator_.n_features_in_
        return n_features

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags = self.estimator.__sklearn_tags__().input_tags
        return tags


def assign_classes(estimator: Any, X: Any, y: Any) -> ClusterClassifier:
    """Assign classes to the clusters of a fitted clustering from a few labeled samples.

    Parameters
    ----------
    estimator : estimator
        A fitted clustering with ``predict_proba``. It is not fitted again.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features of the labeled samples. Label a few samples of every cluster, preferably not
        those that :func:`uncertain_samples` finds.
    y : array-like of shape (n_samples,)
        Class of each labeled sample, as integers or strings.

    Returns
    -------
    ClusterClassifier
        A fitted classifier.

    Raises
    ------
    ValueError
        If ``y`` does not have one class per sample, or if ``X`` does not fit the clustering.
    NotFittedError
        If the clustering is not fitted.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import assign_classes
    >>> X, y = load_iris(return_X_y=True)
    >>> turtle = TurtleClustering(n_clusters=3, random_state=0).fit(X)
    >>> labeled = slice(None, None, 15)
    >>> classifier = assign_classes(turtle, X[labeled], y[labeled])
    >>> bool(classifier.score(X, y) > 0.8)
    True
    """
    check_is_fitted(estimator)
    classifier: ClusterClassifier = ClusterClassifier(FrozenEstimator(estimator)).fit(X, y)
    return classifier
