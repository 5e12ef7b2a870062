"""Agreement between labelings of the same rows."""

from typing import Any

import numpy as np
from scipy import sparse


def agreement_matrix(labelings: Any) -> np.ndarray:
    """Compute the adjusted Rand index of every pair of labelings of the same rows.

    Parameters
    ----------
    labelings : array-like of shape (n_labelings, n_samples)
        Labelings, for example those of several restarts.

    Returns
    -------
    ndarray of shape (n_labelings, n_labelings)
        1 for labelings that are equal up to the numbering of their clusters, around 0 for
        labelings that agree no better than chance.

    See Also
    --------
    stability : The mean over the pairs.
    sklearn.metrics.adjusted_rand_score : The index of one pair.

    References
    ----------
    L. Hubert, P. Arabie, "Comparing partitions", Journal of Classification 2, 1985.

    Examples
    --------
    >>> from sklearn_turtle.metrics import agreement_matrix
    >>> agreement_matrix([[0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1]])
    array([[ 1. ,  1. , -0.5],
           [ 1. ,  1. , -0.5],
           [-0.5, -0.5,  1. ]])
    """
    labelings = np.asarray(labelings)
    members, clusters_of = _one_hot(labelings)
    # One product holds the contingency tables of all pairs as its blocks.
    overlaps = (members.T @ members).astype(np.float64)
    overlaps.data **= 2
    squares = np.asarray((clusters_of.T @ (overlaps @ clusters_of)).todense())

    # Ordered pairs of rows that share a cluster: in both labelings, in the first, in the second.
    n_samples = labelings.shape[1]
    in_both = squares - n_samples
    in_first = np.diag(in_both)[:, None]
    in_second = in_first.T
    by_chance = in_first * in_second / max(1, n_samples * (n_samples - 1))
    at_most = (in_first + in_second) / 2
    with np.errstate(invalid="ignore"):
        index = (in_both - by_chance) / (at_most - by_chance)
    # The index is 0 / 0 if both labelings have one cluster only, or one cluster per row.
    return np.where(at_most == by_chance, 1.0, index)


def _one_hot(labelings: np.ndarray) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return two indicator matrices: rows by clusters of all labelings, clusters by labelings."""
    n_labelings, n_samples = labelings.shape
    columns = np.empty(labelings.shape, dtype=np.int64)
    labeling_of: list[int] = []
    for r, labels in enumerate(labelings):
        clusters, columns[r] = np.unique(labels, return_inverse=True)
        columns[r] += len(labeling_of)
        labeling_of += [r] * len(clusters)
    return (
        _indicator(columns.T, (n_samples, len(labeling_of))),
        _indicator(np.array(labeling_of)[:, None], (len(labeling_of), n_labelings)),
    )


def _indicator(columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """Return a sparse matrix whose row ``i`` has ones in the columns ``columns[i]``."""
    starts = np.arange(0, columns.size + 1, columns.shape[1])
    ones = np.ones(columns.size, dtype=np.int64)
    return sparse.csr_array((ones, columns.ravel(), starts), shape=shape)


def stability(labelings: Any) -> float:
    """Compute the mean adjusted Rand index over all pairs of labelings of the same rows.

    Parameters
    ----------
    labelings : array-like of shape (n_labelings, n_samples)
        Labelings, for example those of several restarts.

    Returns
    -------
    float
        1 if all labelings agree, around 0 if they agree no better than chance, NaN if there are
        fewer than two.

    See Also
    --------
    agreement_matrix : The index of each pair.

    Examples
    --------
    >>> from sklearn_turtle.metrics import stability
    >>> stability([[0, 0, 1, 1], [1, 1, 0, 0]])
    1.0
    """
    return mean_agreement(agreement_matrix(labelings))


def mean_agreement(agreement: np.ndarray) -> float:
    """Average an agreement matrix over its pairs; NaN if there are none."""
    if len(agreement) < 2:
        return float("nan")
    return float(agreement[np.triu_indices_from(agreement, 1)].mean())
