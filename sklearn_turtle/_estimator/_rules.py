"""From the parameters of an estimator to a strategy of the solver: the rules behind "auto"."""

import math
from typing import Any

import numpy as np
import torch

from sklearn_turtle._estimator._prior import log_prior, sizes_are_known
from sklearn_turtle._solver import Settings, Strategy

# Root mean square of the logits of the first labeling, if the spaces are scaled.
INITIAL_LOGIT_NORM = 0.3


def strategy_of(estimator: Any, n_samples: int, n_spaces: int) -> Strategy:
    """The strategy that the parameters of an estimator describe, for data of some size.

    Parameters
    ----------
    estimator : TurtleClustering
        Its parameters are valid, and ``n_clusters`` is a number.
    n_samples : int
        Number of rows.
    n_spaces : int
        Number of spaces.

    Returns
    -------
    Strategy

    Raises
    ------
    ValueError
        If ``cluster_prior`` does not fit ``n_clusters``, or ``space_weights`` the spaces.
    """
    components = estimator.n_components
    return Strategy(
        solver_settings(estimator, n_samples),
        polish_iter=int(estimator.polish_iter),
        sizes_known=sizes_are_known(estimator.cluster_prior),
        n_components=None if components is None else int(components),
        n_neighbors=n_neighbors(estimator.n_neighbors, n_samples, estimator.n_clusters),
        space_weights=space_weights(estimator, n_spaces),
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
        n_restarts=int(estimator.n_init),
        gamma=float(estimator.gamma),
        log_prior=log_prior(estimator.cluster_prior, n_clusters),
        max_iter=int(estimator.max_iter),
        batch_size=int(resolve(estimator.batch_size, batch_size(n_samples, n_clusters))),
        inner_steps=inner_steps,
        inner_lr=float(resolve(estimator.inner_lr, inner_lr(n_clusters, inner_steps))),
        inner_start=estimator.inner_start,
        fit_intercepts=False,
        outer_lr=float(estimator.outer_lr),
        schedule=estimator.schedule,
        initial_logit_norm=None if estimator.scaling is None else INITIAL_LOGIT_NORM,
        dtype=torch.float32,
    )


def space_weights(estimator: Any, n_spaces: int) -> list[float] | None:
    """Weight of each space, with the sum 1; None to find them.

    Parameters
    ----------
    estimator, n_spaces
        As for :func:`strategy_of`.

    Raises
    ------
    ValueError
        If there is not one weight per space, or if a weight is not a number above 0.
    """
    given = estimator.space_weights
    if isinstance(given, str):
        return None if given == "auto" else [1 / n_spaces] * n_spaces
    weights = np.asarray(given, dtype=float)
    if weights.shape != (n_spaces,):
        raise ValueError(
            f"space_weights must have one weight for each of the {n_spaces} spaces; it has shape "
            f"{weights.shape}."
        )
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError(
            f"The weights in space_weights={given!r} must be positive and finite: leave a space "
            "out instead of giving it no weight."
        )
    if estimator.n_neighbors == 0:
        raise ValueError(
            "space_weights needs neighbors: with n_neighbors=0, all spaces count alike. Give "
            "n_neighbors, or leave space_weights='auto'."
        )
    return list((weights / weights.sum()).tolist())


def inner_lr(n_clusters: int, inner_steps: int) -> float:
    """Learning rate of the classifiers.

    To give one of C clusters most of the probability, its logit must rise by about log C above the
    others. The inner steps of an outer step share that rise.
    """
    return 0.005 * math.log(max(2, n_clusters)) / inner_steps


def n_neighbors(wanted: int, n_samples: int, n_clusters: int) -> int:
    """Number of neighbors: at most half of the mean size of a cluster.

    Most neighbors of a row should be of its own cluster.
    """
    return min(int(wanted), max(1, n_samples // (2 * n_clusters)))


def batch_size(n_samples: int, n_clusters: int) -> int:
    """Number of rows of a mini-batch: at least 1000, and 20 per cluster; 10 with many clusters.

    With many clusters, fewer restarts on larger mini-batches find more at the same cost. With few
    samples, a quarter of them is left out of each step: steps that all see the same rows find less.
    """
    fewest = min(1000, math.ceil(0.75 * n_samples))
    return min(n_samples, max(fewest, min(20 * n_clusters, 4000), 10 * n_clusters))
