"""Number the clusters from the largest to the smallest."""

import numpy as np
import torch

from sklearn_turtle._linear._prediction import predict_labels
from sklearn_turtle._solver import ALONE

MAX_ROUNDS = 10


def number_by_size(coef, intercept, temperature, spaces, device, processes=ALONE):
    """Labels of the rows, with the clusters numbered from the largest to the smallest.

    How large they are is counted over the rows of all processes.

    Returns
    -------
    dict
        The attributes ``labels_``, ``coef_`` and ``intercept_``.
    """

    def reordered(of_spaces, order):
        return [of_space[order] for of_space in of_spaces]

    def predict(order):
        renumbered = reordered(coef, order), reordered(intercept, order)
        return predict_labels(spaces, *renumbered, temperature, device)

    labels, order = order_by_size(predict, len(intercept[0]), processes)
    return {
        "labels_": labels,
        "coef_": reordered(coef, order),
        "intercept_": reordered(intercept, order),
    }


def order_by_size(predict, n_clusters, processes=ALONE):
    """Find numbers of the clusters that go from the largest to the smallest.

    Parameters
    ----------
    predict : callable
        ``predict(order)`` gives the labels of all rows where cluster ``order[c]`` has number
        ``c``.
    n_clusters : int
        Number of clusters.
    processes : Processes
        The processes that each hold some of the rows.

    Returns
    -------
    labels : ndarray of shape (n_samples,)
        Labels by the new numbers.
    order : ndarray of shape (n_clusters,)
        The former number of each cluster.
    """
    order = np.arange(n_clusters)
    # a tie goes to the cluster of the lower number (two spaces that contradict each other with
    # certainty make one): new numbers move it, and it may take another round to settle
    for _ in range(MAX_ROUNDS):
        labels = predict(order)
        sizes = processes.sum_(torch.from_numpy(np.bincount(labels, minlength=n_clusters)))
        by_size = np.argsort(-sizes.numpy(), kind="stable")
        if (by_size[1:] > by_size[:-1]).all():
            return labels, order
        order = order[by_size]
    return predict(order), order
