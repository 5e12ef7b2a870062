"""Merging restarts: align their clusters to a consensus and average their linear models."""

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from sklearn_turtle._solver._labelling import LinearModel

MAX_ROUNDS = 20


def merge(model, labels):
    """Average the restarts of a model into one, cluster by matching cluster.

    Labels are linear in the logits' space, so that the average of aligned linear models is one
    linear model, about as accurate as the vote of all of them.

    Parameters
    ----------
    model : LinearModel
        R restarts side by side.
    labels : tensor of shape (R, n_samples)
        Labels that each restart gives the same rows.

    Returns
    -------
    LinearModel
        One restart.
    """
    order = align(labels, model.n_clusters)
    return average(model, order)


def align(labels, n_clusters):
    """Match the clusters of all restarts to those of a consensus.

    The consensus starts as the restart that agrees best with the others. Then, in turn, each
    restart is matched to it by the matching with the largest overlap (Hungarian algorithm), and
    the consensus becomes the vote of the matched restarts, until the matching no longer changes.

    Parameters
    ----------
    labels : tensor of shape (R, n_samples)
        Labels of each restart.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    ndarray of shape (R, C)
        ``order[r, c]`` is the cluster of restart ``r`` that matches cluster ``c`` of the
        consensus.
    """
    overlaps = _overlaps(labels, n_clusters)
    n_restarts = len(labels)
    agreement = np.zeros((n_restarts, n_restarts))
    for r in range(n_restarts):
        for s in range(r):
            agreement[r, s] = agreement[s, r] = match(overlaps[s][r])[1]
    # overlaps of the consensus, as voted for so far, with each restart
    votes = overlaps[int(agreement.sum(0).argmax())]
    order = None
    for _ in range(MAX_ROUNDS):
        last = order
        order = np.stack([match(of_restart)[0] for of_restart in votes])
        if last is not None and np.array_equal(order, last):
            break
        votes = [
            sum(overlaps[s][r][order[s]] for s in range(n_restarts)) for r in range(n_restarts)
        ]
    return order


def _overlaps(labels, n_clusters):
    """Numbers of rows that two clusters of two restarts share, ``[r][s]`` of shape (C, C).

    A restart is not compared with itself: there, they are 0.
    """
    labels = labels.cpu().long()
    none = np.broadcast_to(np.float32(0), (n_clusters, n_clusters))
    overlaps = [[none] * len(labels) for _ in labels]
    for r in range(len(labels)):
        for s in range(r + 1, len(labels)):
            overlaps[r][s] = overlap(labels[r], labels[s], n_clusters)
            overlaps[s][r] = overlaps[r][s].T
    return overlaps


def overlap(labels, others, n_clusters):
    """Numbers of rows that a cluster of one labelling shares with one of the other, (C, C)."""
    pairs = labels * n_clusters + others
    counts = torch.bincount(pairs, minlength=n_clusters**2).view(n_clusters, n_clusters)
    return counts.numpy().astype(np.float32)


def match(counts):
    """The column that matches each row of an overlap, and how many rows of the data they share."""
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return columns, counts[rows, columns].sum()


def average(model, order):
    """Average weights and biases over restarts whose clusters are matched by ``order``."""
    n_restarts = model.n_restarts
    order = torch.as_tensor(order, device=model.biases[0].device)
    columns = (order + torch.arange(n_restarts, device=order.device)[:, None] * model.n_clusters).T
    weights: list[torch.Tensor] = []
    biases: list[torch.Tensor] = []
    for weight, bias in zip(model.weights, model.biases, strict=True):
        # a constant added to the logits of all clusters changes nothing: take it out, so that
        # restarts are compared by what they say
        for source, merged in ((weight, weights), (bias[None], biases)):
            centred = source.view(len(source), n_restarts, -1)
            centred = (centred - centred.mean(-1, keepdim=True)).view(len(source), -1)
            merged.append(centred[:, columns].mean(-1))
    return LinearModel(weights, [bias[0] for bias in biases], model.n_clusters)
