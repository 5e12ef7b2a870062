"""Warnings about a fitted labeling that should not be trusted."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

# On normally distributed data, which have no clusters, restarts of some ten clusters agree by 0.2
# to 0.35; on data with clusters they agreed by 0.5 and more.
LOW_STABILITY = 0.3


def warn_of_doubt(estimator: Any, n_found: int | None = None, *, stacklevel: int = 4) -> None:
    """Warn if clusters are empty, or if the restarts agree no more than by chance.

    Parameters
    ----------
    estimator : TurtleClustering
        Just fitted.
    n_found : int or None
        Number of clusters that are not empty; None to count them in ``labels_``.
    stacklevel : int
        As for ``warnings.warn``. By default, the warnings point to the caller of the method that
        calls this function and that scikit-learn wraps in a context.
    """
    n_clusters = estimator.n_clusters_
    n_found = len(np.unique(estimator.labels_)) if n_found is None else n_found
    n_empty = n_clusters - n_found
    if n_empty > 0:
        warnings.warn(
            f"{n_empty} of {n_clusters} clusters are empty. If the data should have them, give "
            "the sizes of the clusters with cluster_prior, such as 'uniform'; otherwise lower "
            "n_clusters.",
            ConvergenceWarning,
            stacklevel=stacklevel,
        )
    if estimator.stability_ < LOW_STABILITY and n_clusters > 1:
        warnings.warn(
            f"The restarts hardly agree (stability_={estimator.stability_:.2f}), no more than on "
            "data without clusters. Do not trust this labeling; select_n_clusters shows whether "
            "another number of clusters does better.",
            UserWarning,
            stacklevel=stacklevel,
        )
