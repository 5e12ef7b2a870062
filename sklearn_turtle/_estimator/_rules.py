"""From parameters to the settings of the solver: the rules behind "auto", priors over sizes."""

import math
from numbers import Real

import numpy as np
import torch

from sklearn_turtle._solver import Settings, Strategy

# Root mean square of the logits of the first labeling where the spaces are scaled.
INITIAL_LOGIT_NORM = 0.3


def solver_settings(estimator, n_samples):
    """Settings of the solver, with what is "auto" worked out.

    Parameters
    ----------
    estimator : TurtleClustering
        Its parameters are valid.
    n_samples : int
        Number of rows.

    Returns
    -------
    Settings

    Raises
    ------
    ValueError
        If ``cluster_prior`` does not fit ``n_clusters``.
    """

    def worked_out(name, rule, *args):
        value = getattr(estimator, name)
        return rule(*args) if isinstance(value, str) else value

    # torch takes neither True for an integer nor large integers for real numbers
    n_clusters, inner_steps = int(estimator.n_clusters), int(estimator.inner_steps)
    return Settings(
        n_clusters=n_clusters,
        n_restarts=int(worked_out("n_init", n_init, n_clusters)),
        gamma=float(estimator.gamma),
        log_prior=log_prior(estimator.cluster_prior, n_clusters),
        max_iter=int(worked_out("max_iter", max_iter, n_clusters)),
        batch_size=int(worked_out("batch_size", batch_size, n_samples, n_clusters)),
        inner_steps=inner_steps,
        inner_lr=float(worked_out("inner_lr", inner_lr, n_clusters, inner_steps)),
        inner_start=estimator.inner_start,
        outer_lr=float(estimator.outer_lr),
        schedule=estimator.schedule,
        initial_logit_norm=None if estimator.scaling is None else INITIAL_LOGIT_NORM,
        tol=estimator.tol,
    )


def n_init(n_clusters):
    """Number of restarts: 32, or fewer where they made more than 1600 columns of weights."""
    return min(32, max(8, 1600 // n_clusters))


def max_iter(n_clusters):
    """Number of outer steps.

    Logits must rise by about log C before a labeling is certain, and Adam's steps are all of
    about one length. More steps make the restarts more certain of what each of them happened to
    find, which is worse than what their average is less certain of.
    """
    return max(50, round(35 * math.log(n_clusters)))


def inner_lr(n_clusters, inner_steps):
    """Rate of the classifiers.

    To give one of C clusters most of the probability, its logit must rise by about log C above
    the others; the steps of an outer step share that.
    """
    return 0.005 * math.log(max(2, n_clusters)) / inner_steps


def n_components(n_clusters):
    """Number of principal axes: as few as tell the clusters apart.

    Axes beyond those hold little but what differs within clusters, and restarts that do not see
    it find more of what they have in common.
    """
    return min(512, max(256, 7 * n_clusters))


def batch_size(n_samples, n_clusters):
    """Rows of a mini-batch: at least 1000, and 20 of each cluster; 10 of very many clusters.

    For many clusters, fewer restarts on larger mini-batches find more at the same cost. Of few
    samples, steps that all see the same ones find less: a quarter of them is left out.
    """
    fewest = min(1000, math.ceil(0.75 * n_samples))
    return min(n_samples, max(fewest, min(20 * n_clusters, 4000), 10 * n_clusters))


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
            f"The proportions in cluster_prior={cluster_prior!r} must be positive and finite; they "
            f"are {proportions}."
        )
    proportions = np.sort(proportions)[::-1] / proportions.sum()
    return torch.from_numpy(np.log(proportions))


def strategy_of(estimator, n_samples):
    """What the parameters of an estimator stand for, for that number of samples."""
    prior, components = estimator.cluster_prior, estimator.n_components
    return Strategy(
        solver_settings(estimator, n_samples),
        polish_iter=int(estimator.polish_iter),
        sizes_known=not isinstance(prior, str) or prior == "uniform",
        n_components=n_components(estimator.n_clusters) if components == "auto" else components,
    )
