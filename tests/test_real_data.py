"""Accuracy on real embeddings, which are read from float16 files."""

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy

N_ROWS = 3000
# With fewer components and steps than by default, the accuracy is about the same.
PARAMETERS = {"n_init": 1, "n_components": 64, "polish_iter": 40}


# a single restart may leave clusters empty
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "spaces", "n_clusters", "precision", "lowest"),
    [
        ("banking77", ["minilm_l6", "mpnet_base"], 77, "float32", 0.58),
        ("cifar10_test", ["efficientnet_lite2", "mobilenetv2"], 10, "auto", 0.44),
    ],
)
def test_accuracy_of_a_single_restart(name, spaces, n_clusters, precision, lowest, shared_folder):
    folder = shared_folder / "data" / name
    X = [np.load(folder / f"{space}.npy", mmap_mode="r")[:N_ROWS] for space in spaces]
    y = np.load(folder / "labels.npy")[:N_ROWS]
    accuracies = []
    for seed in range(2):
        turtle = TurtleClustering(n_clusters, precision=precision, random_state=seed, **PARAMETERS)
        accuracies.append(clustering_accuracy(y, turtle.fit_predict(X)))
    assert np.mean(accuracies) >= lowest
