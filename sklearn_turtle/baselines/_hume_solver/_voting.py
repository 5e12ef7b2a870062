"""Many labellings made one: matched to the best of them, then a vote of all."""

import numpy as np
import torch

from sklearn_turtle._solver import row_chunks
from sklearn_turtle._solver._merging import match, overlap


def labels_of(weights, read, n_samples):
    """Labels that each seed gives all rows.

    Parameters
    ----------
    weights : tensor of shape (S, C, d)
        The map of each seed.
    read : callable
        ``read(rows)`` gives the features of a slice of rows, on the device of the weights. They
        need not be of unit norm: a positive factor changes no label.
    n_samples : int
        Number of rows.

    Returns
    -------
    tensor of shape (S, n_samples), int64
    """
    n_seeds, n_clusters, n_features = weights.shape
    columns = weights.reshape(-1, n_features).T
    labels = torch.empty(n_seeds, n_samples, dtype=torch.int64, device=weights.device)
    for rows in row_chunks(n_samples, columns.numel() // n_features + n_features):
        scores = (read(rows) @ columns).view(-1, n_seeds, n_clusters)
        labels[:, rows] = scores.argmax(-1).T
    return labels


def align_to(best, labels, n_clusters):
    """Match the clusters of all seeds to those of one, by the largest overlap (Hungarian).

    Parameters
    ----------
    best : int
        The seed that the others are matched to.
    labels : tensor of shape (S, n_samples)
        Labels of each seed.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    ndarray of shape (S, C)
        ``order[s, c]`` is the cluster of seed ``s`` that matches cluster ``c`` of ``best``.
    """
    labels = labels.cpu()
    return np.stack([match(overlap(labels[best], of_seed, n_clusters))[0] for of_seed in labels])


def vote_shares(labels, n_clusters):
    """Share of the seeds that give a row each label.

    Parameters
    ----------
    labels : tensor of shape (S, n_samples), int64
        Labels of each seed, matched.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    tensor of shape (n_samples, C), float32
    """
    votes = torch.zeros(labels.shape[1], n_clusters, device=labels.device)
    votes.scatter_add_(1, labels.T, torch.ones_like(labels.T, dtype=votes.dtype))
    return votes / len(labels)
