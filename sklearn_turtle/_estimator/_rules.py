"""From the parameters of an estimator to a strategy of the solver: the rules behind "auto"."""

import math
from typing import Any

import torch

from sklearn_turtle._estimator._prior import log_prior, sizes_are_known
from sklearn_turtle._solver import Settings, Strategy

# Root mean square of the logits of the first labeling, if the spaces are scaled.
INITIAL_LOGIT_NORM = 0.3


def strategy_of(estimator: Any, n_samples: int) -> Strategy:
    """The strategy that the parameters of an estimator describe, for a number of rows.

    Parameters
    ----------
    estimator : TurtleClustering
        Its parameters are valid, and ``n_clusters`` is a number.
    n_samples : int
        Number of rows.

    Returns
    -------
    Strategy

    Raises
    ------
    ValueError
        If ``cluster_prior`` does not fit ``n_clusters``.
    """
    components = estimator.n_components
    return Strategy(
        solver_settings(estimator, n_samples),
        polish_iter=int(estimator.polish_iter),
        sizes_known=sizes_are_known(estimator.cluster_prior),
        n_components=n_components(estimator.n_clusters) if components == "auto" else components,
    )


def solver_settings(estimator: Any, n_samples: int) -> Settings:
    """Settings of the search, with a number in place of every "auto".

    Parameters
    ----------
    estimator, n_samples
        As for :func:`strategy_of`.

    Returns
    -------
    Settings

    Raises
    ------
    ValueError
        As :func:`strategy_of`.
    """

    def resolve(value: Any, automatic: float) -> Any:
        return automatic if isinstance(value, str) else value

    # plain Python numbers: torch refuses True as an integer and large integers as real numbers
    n_clusters, inner_steps = int(estimator.n_clusters), int(estimator.inner_steps)
    return Settings(
        n_clusters=n_clusters,
        n_restarts=int(resolve(estimator.n_init, n_init(n_clusters))),
        gamma=float(estimator.gamma),
        log_prior=log_prior(estimator.cluster_prior, n_clusters),
        max_iter=int(resolve(estimator.max_iter, max_iter(n_clusters))),
        batch_size=int(resolve(estimator.batch_size, batch_size(n_samples, n_clusters))),
        inner_steps=inner_steps,
        inner_lr=float(resolve(estimator.inner_lr, inner_lr(n_clusters, inner_steps))),
        inner_start=estimator.inner_start,
        outer_lr=float(estimator.outer_lr),
        schedule=estimator.schedule,
        initial_logit_norm=None if estimator.scaling is None else INITIAL_LOGIT_NORM,
        dtype=torch.float32,
    )


def n_init(n_clusters: int) -> int:
    """Number of restarts: 32, or fewer if their weights had more than 1600 columns."""
    return min(32, max(8, 1600 // n_clusters))


def max_iter(n_clusters: int) -> int:
    """Number of outer steps.

    Logits must rise by about log C before a labeling is certain, and Adam's steps have about the
    same length. More steps make each restart more certain of its own labeling, including the part
    that depends on chance, and the average of the restarts gets worse.
    """
    return max(50, round(35 * math.log(n_clusters)))


def inner_lr(n_clusters: int, inner_steps: int) -> float:
    """Learning rate of the classifiers.

    To give one of C clusters most of the probability, its logit must rise by about log C above the
    others. The inner steps of an outer step share that rise.
    """
    return 0.005 * math.log(max(2, n_clusters)) / inner_steps


def n_components(n_clusters: int) -> int:
    """Number of principal axes: few, but enough to separate the clusters.

    Further axes hold little but differences within clusters. Restarts that do not see these agree
    more.
    """
    return min(512, max(256, 7 * n_clusters))


def batch_size(n_samples: int, n_clusters: int) -> int:
    """Number of rows of a mini-batch: at least 1000, and 20 per cluster; 10 with many clusters.

    With many clusters, fewer restarts on larger mini-batches find more at the same cost. With few
    samples, a quarter of them is left out of each step: steps that all see the same rows find less.
    """
    fewest = min(1000, math.ceil(0.75 * n_samples))
    return min(n_samples, max(fewest, min(20 * n_clusters, 4000), 10 * n_clusters))
