"""Number the clusters from the largest to the smallest."""

from collections.abc import Callable

import numpy as np
import torch

from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._prediction import predict_labels
from sklearn_turtle._solver import ALONE, Processes

MAX_ROUNDS = 10


def number_by_size(
    model: FittedLinearModel, spaces: Spaces, processes: Processes = ALONE
) -> tuple[np.ndarray, FittedLinearModel]:
    """Number the clusters of a labeling from the largest to the smallest.

    Parameters
    ----------
    model : FittedLinearModel
        The labeling.
    spaces : Spaces
        The rows of this process.
    processes : Processes, default=ALONE
        The processes that share the rows. Sizes are counted over the rows of all of them.

    Returns
    -------
    labels : ndarray of shape (n_samples,), int32
        Labels of the rows of this process.
    model : FittedLinearModel
        The same labeling, with the new numbers.
    """

    def predict(order: np.ndarray) -> np.ndarray:
        labels: np.ndarray = predict_labels(model.reordered(order), spaces)
        return labels

    labels, order = order_by_size(predict, model.n_clusters, processes)
    return labels, model.reordered(order)


def order_by_size(
    predict: Callable[[np.ndarray], np.ndarray], n_clusters: int, processes: Processes = ALONE
) -> tuple[np.ndarray, np.ndarray]:
    """Find the order of the clusters from the largest to the smallest.

    Parameters
    ----------
    predict : callable
        ``predict(order)`` returns the labels of all rows, given that cluster ``order[c]`` has
        number ``c``.
    n_clusters : int
        Number of clusters.
    processes : Processes, default=ALONE
        The processes that share the rows. Sizes are counted over the rows of all of them.

    Returns
    -------
    labels : ndarray of shape (n_samples,)
        Labels of all rows, with the new numbers.
    order : ndarray of shape (n_clusters,)
        The previous number of each cluster.
    """
    order = np.arange(n_clusters)
    # Two clusters can be equally likely for a row, for example if two spaces contradict each other
    # with certainty. The row then gets the lower number, so new numbers may move it to the other
    # cluster, and another round is needed.
    for _ in range(MAX_ROUNDS):
        labels = predict(order)
        sizes = processes.sum_(torch.from_numpy(np.bincount(labels, minlength=n_clusters)))
        by_size = np.argsort(-sizes.numpy(), kind="stable")
        if (by_size[1:] > by_size[:-1]).all():
            return labels, order
        order = order[by_size]
    return predict(order), order
