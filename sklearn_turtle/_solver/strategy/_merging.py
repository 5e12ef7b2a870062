"""Merge restarts: match their clusters to a consensus and average their linear models."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from sklearn_turtle._solver.step._linear_model import LinearModel

MAX_ROUNDS = 20


def merge(model: LinearModel, labels: torch.Tensor) -> tuple[LinearModel, float]:
    """Average the restarts of a model into one, cluster by matching cluster.

    The logits are linear in the parameters, so that the average of matched linear models is one
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


def align(labels: torch.Tensor, n_clusters: int) -> tuple[np.ndarray, float]:
    """Match the clusters of all restarts to those of a consensus.

    The consensus starts as the restart that agrees best with the others, and is the vote of the
    matched restarts from then on. In turn, each restart is matched to the vote of the others by the
    matching with the largest overlap (Hungarian algorithm), until no matching can be replaced by a
    larger one. Every change increases the number of rows that matched clusters share, so that the
    procedure ends.

    Parameters
    ----------
    labels : tensor of shape (R, n_samples)
        Labels of each restart.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    order : ndarray of shape (R, C)
        ``order[r, c]`` is the cluster of restart ``r`` that matches cluster ``c`` of the consensus.
    agreement : float
        Share of the rows with the same label in two restarts whose clusters are matched to each
        other, the mean over all pairs of restarts; 1 for a single restart.
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
            votes = np.zeros((n_clusters, n_clusters), dtype=np.float32)
            for s in range(n_restarts):
                votes += overlaps[s][r][order[s]]
            matched, n_shared = match(votes)
            if n_shared > votes[own, order[r]].sum():
                order[r], changed = matched, True
        if not changed:
            break
    if n_restarts == 1:
        return order, 1.0
    return order, float(shared.sum() / (n_restarts * (n_restarts - 1) * labels.shape[1]))


def _overlaps(labels: torch.Tensor, n_clusters: int) -> list[list[np.ndarray]]:
    """Numbers of rows that two clusters of two restarts share, ``[r][s]`` of shape (C, C).

    The overlap of a restart with itself is 0.
    """
    labels = labels.cpu().long()
    n_restarts = len(labels)
    none = np.broadcast_to(np.float32(0), (n_clusters, n_clusters))
    overlaps = [[none] * n_restarts for _ in labels]
    pairs = list(combinations(range(n_restarts), 2))
    # one array for all pairs, whose memory returns to the system as a whole
    counts = np.empty((len(pairs), n_clusters, n_clusters), dtype=np.float32)
    for (r, s), of_pair in zip(pairs, counts, strict=True):
        of_pair[:] = overlap(labels[r], labels[s], n_clusters)
        overlaps[r][s], overlaps[s][r] = of_pair, of_pair.T
    return overlaps


def overlap(labels: torch.Tensor, others: torch.Tensor, n_clusters: int) -> np.ndarray:
    """Numbers of rows that a cluster of one labeling shares with one of the other, (C, C)."""
    pairs = labels * n_clusters + others
    counts = torch.bincount(pairs, minlength=n_clusters**2).view(n_clusters, n_clusters)
    return counts.numpy()


def adjusted_rand_index(labels: torch.Tensor, others: torch.Tensor, n_clusters: int) -> float:
    """Adjusted Rand index of two labelings (L. Hubert, P. Arabie, "Comparing Partitions", 1985)."""
    counts = overlap(labels, others, n_clusters).astype(float)

    def n_pairs(n: np.ndarray) -> float:
        return float((n * (n - 1)).sum() / 2)

    together, first, second = n_pairs(counts), n_pairs(counts.sum(1)), n_pairs(counts.sum(0))
    by_chance = first * second / max(n_pairs(counts.sum(keepdims=True)), 1)
    most = (first + second) / 2
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def match(counts: np.ndarray) -> tuple[np.ndarray, float]:
    """Match the rows of an overlap to its columns.

    Returns
    -------
    columns : ndarray of shape (C,)
        The column that matches each row.
    n_shared : float
        Number of rows of the data that matched clusters share.
    """
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return columns, counts[rows, columns].sum()


def average(model: LinearModel, order: np.ndarray | Sequence[Sequence[int]]) -> LinearModel:
    """Average weights and biases over restarts whose clusters are matched by ``order``."""
    n_restarts = model.n_restarts
    positions = torch.as_tensor(order, device=model.biases[0].device)
    starts = torch.arange(n_restarts, device=positions.device)[:, None] * model.n_clusters
    columns = (positions + starts).T
    weights: list[torch.Tensor] = []
    biases: list[torch.Tensor] = []
    for weight, bias in zip(model.weights, model.biases, strict=True):
        # A constant added to the logits of all clusters changes no probability: it is removed, so
        # that only differences between clusters are averaged.
        for source, merged in ((weight, weights), (bias[None], biases)):
            centered = source.view(len(source), n_restarts, -1)
            centered = (centered - centered.mean(-1, keepdim=True)).view(len(source), -1)
            merged.append(centered[:, columns].mean(-1))
    return LinearModel(weights, [bias[0] for bias in biases], model.n_clusters)
