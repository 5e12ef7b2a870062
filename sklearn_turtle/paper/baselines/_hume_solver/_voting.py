"""Many labelings made one: matched to the best of them, then a vote of all."""

import numpy as np
import torch

from sklearn_turtle._solver import row_chunks
from sklearn_turtle._solver.strategy._merging import match, overlap


def labels_of(weight, read, n_samples):
    """Labels that one seed gives all rows.

    Parameters
    ----------
    weight : tensor of shape (C, d)
        The map of the seed.
    read : callable
        ``read(rows)`` gives the features of a slice of rows, on the device of the weight. They
        need not be of unit norm: a positive factor changes no label.
    n_samples : int
        Number of rows.

    Returns
    -------
    tensor of shape (n_samples,), int32
        On the host.
    """
    labels = torch.empty(n_samples, dtype=torch.int32)
    for rows, of_seed in _labels_in_chunks(weight[None], read, n_samples):
        labels[rows] = of_seed[:, 0].to(labels)
    return labels


def vote(weights, read, n_samples, out):
    """Write the share of the seeds that give a row each label, chunk by chunk.

    Parameters
    ----------
    weights : tensor of shape (S, C, d)
        The map of each seed, clusters matched.
    read : callable
        As for :func:`labels_of`.
    n_samples : int
        Number of rows.
    out : callable
        Called as ``out(rows, shares)`` with a slice of rows and an array of shape (n_rows, C).
    """
    n_seeds, n_clusters, _ = weights.shape
    for rows, labels in _labels_in_chunks(weights, read, n_samples):
        votes = torch.zeros(len(labels), n_clusters, device=labels.device)
        votes.scatter_add_(1, labels, torch.ones_like(labels, dtype=votes.dtype))
        out(rows, (votes / n_seeds).cpu().numpy())


def align_to(best, labels, n_clusters):
    """Match the clusters of all seeds to those of one, by the largest overlap (Hungarian).

    Parameters
    ----------
    best : int
        The seed that the others are matched to.
    labels : list of tensor of shape (n_samples,)
        Labels of each seed.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    ndarray of shape (S, C)
        ``order[s, c]`` is the cluster of seed ``s`` that matches cluster ``c`` of ``best``.
    """
    return np.stack([match(overlap(labels[best], of_seed, n_clusters))[0] for of_seed in labels])


def _labels_in_chunks(weights, read, n_samples):
    """Give slices of rows and the labels of all seeds there, of shape (n_rows, S), int64."""
    n_seeds, n_clusters, n_features = weights.shape
    columns = weights.reshape(-1, n_features).T
    for rows in row_chunks(n_samples, n_seeds * n_clusters + n_features):
        yield rows, (read(rows) @ columns).view(-1, n_seeds, n_clusters).argmax(-1)
