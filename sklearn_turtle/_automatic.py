"""The rules behind parameters that are "auto", and proportions of clusters."""

import math
from numbers import Real

import numpy as np
import torch


def n_init(n_clusters):
    """Number of restarts: 32, or fewer where they made more than 4096 columns of weights."""
    return min(32, max(8, 4096 // n_clusters))


def inner_lr(n_clusters, inner_steps):
    """Rate of the classifiers.

    To give one of C clusters most of the probability, its logit must rise by about log C above
    the others; the steps of an outer step share that.
    """
    return 0.005 * math.log(max(2, n_clusters)) / inner_steps


def batch_size(n_samples, n_clusters):
    """Rows of a mini-batch: at least 1000, and some 10 of each cluster."""
    return min(n_samples, max(1000, 10 * n_clusters))


def log_prior(cluster_prior, n_clusters):
    """Log proportions of the clusters, from the largest to the smallest.

    Parameters
    ----------
    cluster_prior : {"auto", "uniform"}, float or array-like of shape (n_clusters,)
        See :class:`TurtleClustering`.
    n_clusters : int
        Number of clusters.

    Returns
    -------
    tensor of shape (n_clusters,), or None where all are equal

    Raises
    ------
    ValueError
        If an array does not have one positive proportion for each cluster.
    """
    if isinstance(cluster_prior, str):
        return None
    if isinstance(cluster_prior, Real):
        proportions = np.arange(1, n_clusters + 1) ** -float(cluster_prior)
    else:
        proportions = np.asarray(cluster_prior, dtype=float)
        if proportions.shape != (n_clusters,):
            raise ValueError(
                f"cluster_prior must have one proportion for each of the n_clusters={n_clusters} "
                f"clusters; it has shape {proportions.shape}."
            )
        if not (np.isfinite(proportions).all() and (proportions > 0).all()):
            raise ValueError(
                f"The proportions in cluster_prior must be positive and finite; got {proportions}."
            )
    proportions = np.sort(proportions)[::-1] / proportions.sum()
    return torch.from_numpy(np.log(proportions))
