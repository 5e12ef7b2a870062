"""Combine the labelings of many seeds: match their clusters, and vote."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from sklearn_turtle._solver import row_chunks
from sklearn_turtle._solver.strategy._merging import match, overlap

Reader = Callable[[slice], torch.Tensor]


def map_labels(weight: torch.Tensor, read: Reader, n_samples: int) -> torch.Tensor:
    """Compute the labels of all rows by the map of one seed.

    Parameters
    ----------
    weight : tensor of shape (C, d)
        The map.
    read : callable
        ``read(rows)`` returns the features of a slice of rows, on the device of the map. Their
        norms do not matter.
    n_samples : int
        Number of rows.

    Returns
    -------
    tensor of shape (n_samples,), int32
        On the host.
    """
    labels = torch.empty(n_samples, dtype=torch.int32)
    for rows, of_seed in _label_chunks(weight[None], read, n_samples):
        labels[rows] = of_seed[:, 0].to(labels)
    return labels


def vote_shares(
    weights: torch.Tensor,
    read: Reader,
    n_samples: int,
    write: Callable[[slice, np.ndarray], object],
) -> None:
    """Compute the share of the seeds that assign a row to each cluster, chunk by chunk.

    Parameters
    ----------
    weights : tensor of shape (S, C, d)
        The map of each seed, with matched clusters.
    read, n_samples
        As for :func:`map_labels`.
    write : callable
        ``write(rows, shares)`` receives a slice of rows and an array of shape (n_rows, C).
    """
    n_seeds, n_clusters, _ = weights.shape
    for rows, labels in _label_chunks(weights, read, n_samples):
        votes = torch.zeros(len(labels), n_clusters, device=labels.device)
        votes.scatter_add_(1, labels, torch.ones_like(labels, dtype=votes.dtype))
        write(rows, (votes / n_seeds).cpu().numpy())


def match_to_best(best: int, labels: Sequence[torch.Tensor], n_clusters: int) -> np.ndarray:
    """Match the clusters of each seed to those of the best seed.

    The matching maximizes the number of shared rows (Hungarian algorithm).

    Parameters
    ----------
    best : int
        The best seed.
    labels : sequence of tensor of shape (n_samples,)
        Labels of each seed.
    n_clusters : int
        Number of clusters, C.

    Returns
    -------
    ndarray of shape (S, C)
        ``order[s, c]`` is the cluster of seed ``s`` that matches cluster ``c`` of ``best``.
    """
    return np.stack([match(overlap(labels[best], of_seed, n_clusters))[0] for of_seed in labels])


def _label_chunks(
    weights: torch.Tensor, read: Reader, n_samples: int
) -> Iterator[tuple[slice, torch.Tensor]]:
    """Yield slices of rows and their labels by each seed, of shape (n_rows, S), int64."""
    n_seeds, n_clusters, n_features = weights.shape
    columns = weights.reshape(-1, n_features).T
    for rows in row_chunks(n_samples, n_seeds * n_clusters + n_features):
        yield rows, (read(rows) @ columns).view(-1, n_seeds, n_clusters).argmax(-1)
