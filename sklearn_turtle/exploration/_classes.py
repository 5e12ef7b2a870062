"""Classes for clusters, from a few labeled samples."""

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
    times the share of the class among the labeled samples of that cluster. Several clusters may
    have the same class; a cluster without labeled samples takes the classes of those samples
    for which it is the least unlikely.

    Parameters
    ----------
    estimator : estimator
        A clustering with ``fit`` and ``predict_proba``, such as
        :class:`~sklearn_turtle.TurtleClustering`. ``fit`` fits a clone of it, without the labels;
        one that is fitted already, on many more samples than are labeled, is left as it is where
        it is wrapped in scikit-learn's ``FrozenEstimator``. :func:`assign_classes` does that.

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
    assign_classes : A classifier of a clustering that is fitted already.

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

    def __init__(self, estimator):
        self.estimator = estimator

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y):
        """Fit the clustering to ``X`` alone, and learn the classes of its clusters.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for the clustering.
        y : array-like of shape (n_samples,)
            Class of each sample: integers or strings.

        Returns
        -------
        self : ClusterClassifier
            The fitted classifier.

        Raises
        ------
        ValueError
            If ``y`` does not hold a class for each sample, or if ``X`` does not fit the
            clustering.
        """
        y = read_classes(self, y)
        estimator = clone(self.estimator).fit(X, None)  # without the labels
        of_clusters = estimator.predict_proba(X)
        check_consistent_length(of_clusters, y)
        classes, y = np.unique(y, return_inverse=True)
        is_class = np.eye(len(classes))[y]
        shares = of_clusters.T.astype(np.float64) @ is_class
        none_at_all = shares.sum(1) == 0
        shares[none_at_all] = is_class.mean(0)
        self.estimator_ = estimator
        self.classes_ = classes
        self.class_shares_ = shares / shares.sum(1, keepdims=True)
        return self

    def predict_proba(self, X):
        """Probability of each class for each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for the clustering.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes), float64
            Rows sum to 1; classes in the order of ``classes_``.
        """
        check_is_fitted(self)
        probabilities = self.estimator_.predict_proba(X) @ self.class_shares_
        return probabilities / probabilities.sum(1, keepdims=True)

    def predict(self, X):
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
        return self.classes_[most_likely]

    @property
    def n_features_in_(self):
        """Number of features of all spaces together."""
        check_is_fitted(self)
        return self.estimator_.n_features_in_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags = self.estimator.__sklearn_tags__().input_tags
        return tags


def assign_classes(estimator, X, y):
    """Name the clusters of a fitted clustering by a few labeled samples.

    Parameters
    ----------
    estimator : estimator
        A fitted clustering with ``predict_proba``. It is not fitted again.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features of the labeled samples; best some of every cluster, such as those that
        :func:`uncertain_samples` does not name.
    y : array-like of shape (n_samples,)
        Class of each labeled sample: integers or strings.

    Returns
    -------
    ClusterClassifier
        A fitted classifier, which predicts classes for any samples.

    Raises
    ------
    ValueError
        If ``y`` does not hold a class for each sample, or if ``X`` does not fit the clustering.
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
    return ClusterClassifier(FrozenEstimator(estimator)).fit(X, y)
