"""Priors over the sizes of the clusters."""

from numbers import Real
from typing import Any

import numpy as np
import torch


def log_prior(cluster_prior: Any, n_clusters: int) -> torch.Tensor | None:
    """Log proportions of the clusters, from the largest to the smallest.

    Parameters
    ----------
    cluster_prior : {"auto", "uniform"}, float or array-like of shape (n_clusters,)
        See :class:`TurtleClustering`.
    n_clusters : int
        Number of clusters.

    Returns
    -------
    tensor of shape (n_clusters,), or None if all proportions are equal

    Raises
    ------
    ValueError
        As :func:`proportions`.
    """
    values = proportions(cluster_prior, n_clusters)
    if values is None or isinstance(cluster_prior, str):
        return None
    return torch.from_numpy(np.log(values))


def proportions(cluster_prior: Any, n_clusters: int) -> np.ndarray | None:
    """Proportions of the clusters, from the largest to the smallest.

    Parameters
    ----------
    cluster_prior, n_clusters
        As for :func:`log_prior`.

    Returns
    -------
    ndarray of shape (n_clusters,) with the sum 1, or None if nothing is known about the sizes

    Raises
    ------
    ValueError
        If an array does not have one positive proportion per cluster.
    """
    if isinstance(cluster_prior, str):
        return None if cluster_prior == "auto" else np.full(n_clusters, 1 / n_clusters)
    if isinstance(cluster_prior, Real):
        values = np.arange(1, n_clusters + 1) ** -float(cluster_prior)
    else:
        values = np.asarray(cluster_prior, dtype=float)
        if values.shape != (n_clusters,):
            raise ValueError(
                f"cluster_prior must have one proportion for each of the n_clusters={n_clusters} "
                f"clusters; it has shape {values.shape}."
            )
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError(
            f"The proportions in cluster_prior={cluster_prior!r} must be positive and finite; they "
            f"are {values}."
        )
    sorted_values: np.ndarray = np.sort(values)[::-1] / values.sum()
    return sorted_values


def sizes_are_known(cluster_prior: Any) -> bool:
    """Whether a prior states the sizes of the clusters, so that the polish keeps to them."""
    return not isinstance(cluster_prior, str) or cluster_prior == "uniform"
