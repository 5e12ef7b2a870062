"""The rules behind parameters that are "auto", and proportions of clusters."""

from numbers import Real

import numpy as np
import torch

# Weight of the entropy in the polish where nothing is known of the sizes of the clusters: small
# enough for unequal clusters to take their sizes, large enough for equal ones to keep theirs.
POLISH_GAMMA = 1.0

# The polish takes smaller steps than the search, against classifiers that are trained further:
# those of a single step see little more than the means of the clusters.
POLISH = {
    "inner_steps": 3,
    "inner_lr": 0.01,
    "inner_start": "zero",
    "outer_lr": 3e-3,
    "schedule": "cosine",
}


def batch_size(n_samples, n_clusters):
    """Rows of a mini-batch: at least 1000, and some 20 of each cluster."""
    return min(n_samples, max(1000, 20 * n_clusters))


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
