"""Estimators that stand in for those of the baselines, with the same interface."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize


class SpacesKMeans(ClusterMixin, BaseEstimator):
    """k-means on the L2-normalised spaces, side by side."""

    def __init__(self, n_clusters=8, *, random_state=None):
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X, y=None):
        """Find the clusters."""
        kmeans = KMeans(self.n_clusters, n_init=10, max_iter=1000, random_state=self.random_state)
        self.kmeans_ = kmeans.fit(_side_by_side(X))
        return self

    def predict(self, X):
        """Assign each sample to the cluster of the nearest centre."""
        return self.kmeans_.predict(_side_by_side(X))


class LinearProbe(ClassifierMixin, BaseEstimator):
    """Logistic regression on the L2-normalised spaces, side by side."""

    def __init__(self, *, random_state=None):
        self.random_state = random_state

    def fit(self, X, y):
        """Fit the regression."""
        regression = LogisticRegression(C=100.0, max_iter=1000, random_state=self.random_state)
        self.regression_ = regression.fit(_side_by_side(X), y)
        self.classes_ = regression.classes_
        return self

    def predict(self, X):
        """Classify each sample."""
        return self.regression_.predict(_side_by_side(X))


def _side_by_side(X):
    return np.hstack([normalize(np.asarray(x, dtype=np.float32)) for x in X.values()])
