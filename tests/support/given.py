"""A clustering with given predictions, for examples worked out by hand."""

import numpy as np
from sklearn.base import BaseEstimator


class Given(BaseEstimator):
    """A fitted clustering that predicts given labels or probabilities, whatever the samples."""

    def __init__(self, labels=None, probabilities=None, n_clusters=None):
        self.labels = labels
        self.probabilities = probabilities
        self.n_clusters = n_clusters
        if n_clusters is None and probabilities is not None:
            self.n_clusters = np.shape(probabilities)[1]

    def fit(self, X, y=None):
        return self

    def predict(self, X):
        if self.labels is None:
            return self.predict_proba(X).argmax(1)
        return np.array(self.labels)

    def predict_proba(self, X):
        return np.array(self.probabilities)

    def __sklearn_is_fitted__(self):
        return True
