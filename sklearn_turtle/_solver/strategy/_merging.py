"""Merging restarts: align their clusters to a consensus and average their linear models."""

from itertools import combinations

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from sklearn_turtle._solver.step._linear_model import LinearModel

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
    model : LinearModel
        One restart.
    agreement : float
        See :func:`align`.
    """
    order, agreement = align(labels, model.n_clusters)
    return average(model, order), agreement


def align(labels, n_clusters):
    """Match the clusters of all restarts to those of a consensus.

    The consensus starts as the restart that agrees best with the others. From then on it is the
    vote of the matched restarts: in turn, each restart is matched to the vote of the others by the
    matching with the largest overlap (Hungarian algorithm), until no matching changes for a larger
    one. Since every change is for more rows that matched clusters share, it comes to an end.

    Parameters
    ----------
    labels : tensor of shape (R, n_samples)
        Labels of each restart.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    order : ndarray of shape (R, C)
        ``order[r, c]`` is the cluster of restart ``r`` that matches cluster ``c`` of the
        consensus.
    agreement : float
        Share of the rows whose labels are the same in two restarts, whose clusters are matched to
        each other, the mean over all pairs of restarts; 1 where there is a single one.
    """
    overlaps = _overlaps(labels, n_clusters)
    n_restarts = len(labels)
    shared = np.zeros((n_restarts, n_restarts))
    for r, s in combinations(range(n_restarts), 2):
        shared[r, s] = shared[s, r] = match(overlaps[r][s])[1]
    leading = int(shared.sum(0).argmax())
    own = np.arange(n_clusters)
    order = np.stack(
        [own if r == leading else match(overlaps[leading][r])[0] for r in range(n_restarts)]
    )
    for _ in range(MAX_ROUNDS):
        changed = False
        for r in range(n_restarts):
            votes = sum(overlaps[s][r][order[s]] for s in range(n_restarts))
            matched, n_shared = match(votes)
            if n_shared > votes[own, order[r]].sum():
                order[r], changed = matched, True
        if not changed:
            break
    if n_restarts == 1:
        return order, 1.0
    return order, float(shared.sum() / (n_restarts * (n_restarts - 1) * labels.shape[1]))


def _overlaps(labels, n_clusters):
    """Numbers of rows that two clusters of two restarts share, ``[r][s]`` of shape (C, C).

    A restart is not compared with itself: there, they are 0.
    """
    labels = labels.cpu().long()
    n_restarts = len(labels)
    none = np.broadcast_to(np.float32(0), (n_clusters, n_clusters))
    overlaps = [[none] * n_restarts for _ in labels]
    pairs = list(combinations(range(n_restarts), 2))
    # in one piece, which goes back to the system as a whole
    counts = np.empty((len(pairs), n_clusters, n_clusters), dtype=np.float32)
    for (r, s), of_pair in zip(pairs, counts, strict=True):
        of_pair[:] = overlap(labels[r], labels[s], n_clusters)
        overlaps[r][s], overlaps[s][r] = of_pair, of_pair.T
    return overlaps


def overlap(labels, others, n_clusters):
    """Numbers of rows that a cluster of one labeling shares with one of the other, (C, C)."""
    pairs = labels * n_clusters + others
    counts = torch.bincount(pairs, minlength=n_clusters**2).view(n_clusters, n_clusters)
    return counts.numpy()


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
            centered = source.view(len(source), n_restarts, -1)
            centered = (centered - centered.mean(-1, keepdim=True)).view(len(source), -1)
            merged.append(centered[:, columns].mean(-1))
    return LinearModel(weights, [bias[0] for bias in biases], model.n_clusters)
