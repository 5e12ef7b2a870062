"""A clustering that is given, for cases worked by hand."""

import numpy as np


class Given:
    """Predicts the same for any samples: these labels, or these probabilities."""

    def __init__(self, labels=None, probabilities=None, n_clusters=None):
        self.labels = labels
        self.probabilities = None if probabilities is None else np.array(probabilities)
        if n_clusters is not None:
            self.n_clusters = n_clusters

    def predict(self, X):
        if self.labels is None:
            return self.probabilities.argmax(1)
        return np.array(self.labels)

    def predict_proba(self, X):
        return self.probabilities
