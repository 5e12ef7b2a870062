"""Warnings about a fitted labeling that should not be trusted."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle._estimator._prior import proportions
from sklearn_turtle._solver import SpaceWeights

# On normally distributed data, which have no clusters, restarts of some ten clusters agree by 0.2
# to 0.35; on data with clusters they agreed by 0.5 and more.
LOW_STABILITY = 0.3
# A cluster misses its stated size if it has this share of it too many rows, or too few.
MISSED_SHARE = 0.5
# Share of the clusters that may miss their size if all are stated to be about equal.
MISSED_OF_UNIFORM = 0.25
# Similarities of the rows of two spaces that hold the same samples correlate by more than this.
UNRELATED = 0.02
# As many rows more or less are no miss.
FEW_ROWS = 5


def warn_of_doubt(estimator: Any, sizes: np.ndarray | None = None, *, stacklevel: int = 5) -> None:
    """Warn if clusters are empty or miss their stated sizes, or if restarts agree only by chance.

    Parameters
    ----------
    estimator : TurtleClustering
        Just fitted.
    sizes : ndarray of shape (n_clusters,) or None
        Number of rows of each cluster; None to count them in ``labels_``.
    stacklevel : int
        As for ``warnings.warn``. By default, the warnings point to the caller of the method that
        calls this function, and that ``with_torch_defaults`` and scikit-learn wrap.
    """
    n_clusters = estimator.n_clusters_
    if sizes is None:
        sizes = np.bincount(estimator.labels_, minlength=n_clusters)
    n_empty = int((sizes == 0).sum())
    if n_empty > 0:
        warnings.warn(
            f"{n_empty} of {n_clusters} clusters are empty. If the data should have them, give "
            "the sizes of the clusters with cluster_prior, such as 'uniform'; otherwise lower "
            "n_clusters.",
            ConvergenceWarning,
            stacklevel=stacklevel,
        )
    missed = _missed_sizes(estimator.cluster_prior, sizes)
    if missed is not None:
        warnings.warn(missed, UserWarning, stacklevel=stacklevel)
    if estimator.stability_ < LOW_STABILITY and n_clusters > 1:
        warnings.warn(
            f"The restarts hardly agree (stability_={estimator.stability_:.2f}), no more than on "
            "data without clusters. Do not trust this labeling; select_n_clusters shows whether "
            "another number of clusters does better.",
            UserWarning,
            stacklevel=stacklevel,
        )


def _missed_sizes(cluster_prior: Any, sizes: np.ndarray) -> str | None:
    """A warning if sizes are far from those that a prior states; None if they are not."""
    of_prior = proportions(cluster_prior, len(sizes))
    if of_prior is None:
        return None
    found, stated = np.sort(sizes)[::-1], sizes.sum() * of_prior
    off = np.abs(found - stated)
    missed = off > np.maximum(MISSED_SHARE * stated, FEW_ROWS)
    # "uniform" states sizes roughly: some clusters may miss them
    allowed = MISSED_OF_UNIFORM * len(sizes) if isinstance(cluster_prior, str) else 0
    if missed.sum() <= allowed:
        return None
    worst = int(np.argmax(off / np.maximum(stated, 1)))
    return (
        f"The sizes that cluster_prior states are missed by more than half in {missed.sum()} of "
        f"{len(sizes)} clusters: the cluster of rank {worst + 1} has {found[worst]} rows instead "
        f"of {stated[worst]:.0f}. Check cluster_prior and n_clusters, or leave the sizes to the "
        "data with cluster_prior='auto'."
    )


def warn_of_spaces(names: Sequence[str], found: SpaceWeights, *, stacklevel: int) -> None:
    """Warn of spaces whose rows have nothing to do with those of the other spaces.

    Parameters
    ----------
    names : list of str
        Name of each space.
    found : SpaceWeights
        How much each space counts.
    stacklevel : int
        As for ``warnings.warn``.
    """
    if found.correlations is None:
        return
    unrelated = [k for k, r in enumerate(found.correlations) if r < UNRELATED]
    if len(unrelated) == len(names) == 2:  # each contradicts the other: name the one that lost
        unrelated = [min(unrelated, key=lambda k: found.weights[k])]
    for k in unrelated:
        warnings.warn(
            f"Space {names[k]!r} contradicts the other spaces: rows that are similar in it are no "
            f"more similar in these than others. Its weight is {found.weights[k]:.3f}. Check that "
            "its rows are in the same order; if it holds noise, leave it out.",
            UserWarning,
            stacklevel=stacklevel,
        )
