"""Accuracy on real embeddings, read as the float16 files that they are."""

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "spaces", "n_clusters", "least"),
    [
        ("banking77", ["minilm_l6", "mpnet_base"], 77, 0.64),
        ("cifar10_test", ["efficientnet_lite2", "mobilenetv2"], 10, 0.46),
    ],
)
def test_single_restart_on_float16_files(name, spaces, n_clusters, least, shared_folder):
    folder = shared_folder / "data" / name
    X = [np.load(folder / f"{space}.npy", mmap_mode="r") for space in spaces]
    y = np.load(folder / "labels.npy")
    accuracies = [
        clustering_accuracy(
            y, TurtleClustering(n_clusters, n_init=1, random_state=s).fit_predict(X)
        )
        for s in range(3)
    ]
    assert np.mean(accuracies) >= least
