"""Small benchmarks, and a method that counts its fits."""

import numpy as np
from sklearn.base import BaseEstimator

from sklearn_turtle.paper.benchmark import Method, run_benchmark

# Two datasets of the paper.
DATASETS = ["cifar10", "mnist"]
# Parameters with which TURTLE is quick.
SHORT = {"n_init": 2, "max_iter": 20, "polish_iter": 3, "device": "cpu"}


class Constant(BaseEstimator):
    """Predicts one cluster, and counts its fits."""

    n_fits = 0

    def __init__(self, cluster=0):
        self.cluster = cluster

    def fit(self, X, y):
        assert y is None
        type(self).n_fits += 1
        return self

    def predict(self, X):
        return np.full(len(X["dino"]), self.cluster)


def constant(cluster=0):
    """The method that predicts one cluster."""
    return Method("constant", lambda n_clusters, seed: Constant(cluster))


def run(folder, methods=("kmeans",), **parameters):
    """Run a benchmark from ``features`` to ``out``, both in the folder."""
    return run_benchmark(folder / "features", folder / "out", methods=methods, **parameters)


def record_of(results, dataset, label):
    """The only record of a method on a dataset."""
    (record,) = (r for r in results.records if (r["dataset"], r["label"]) == (dataset, label))
    return record
