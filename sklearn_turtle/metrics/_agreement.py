"""Agreement among labelings of the same rows."""

import numpy as np
from scipy import sparse


def agreement_matrix(labelings):
    """Adjusted Rand index of every pair of labelings of the same rows.

    Parameters
    ----------
    labelings : array-like of shape (n_labelings, n_samples)
        Labelings, for instance those of several restarts.

    Returns
    -------
    ndarray of shape (n_labelings, n_labelings)
        1 for labelings that agree up to the numbers of their clusters, around 0 for those that
        agree no better than by chance.

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
    # the contingency tables of all pairs are the blocks of one product
    overlaps = (members.T @ members).astype(np.float64)
    overlaps.data **= 2
    squares = np.asarray((clusters_of.T @ (overlaps @ clusters_of)).todense())

    # ordered pairs of rows that lie together in both labelings, in the one, in the other
    n_samples = labelings.shape[1]
    in_both = squares - n_samples
    in_one = np.diag(in_both)[:, None]
    in_other = in_one.T
    by_chance = in_one * in_other / max(1, n_samples * (n_samples - 1))
    at_most = (in_one + in_other) / 2
    with np.errstate(invalid="ignore"):
        index = (in_both - by_chance) / (at_most - by_chance)
    # all rows in one cluster, or each in its own, in both labelings
    return np.where(at_most == by_chance, 1.0, index)


def _one_hot(labelings):
    """Rows against the clusters of all labelings, and these against the labelings."""
    n_labelings, n_samples = labelings.shape
    columns = np.empty(labelings.shape, dtype=np.int64)
    labeling_of: list[int] = []
    for r, labels in enumerate(labelings):
        clusters, columns[r] = np.unique(labels, return_inverse=True)
        columns[r] += len(labeling_of)
        labeling_of += [r] * len(clusters)
    return (
        _ones(columns.T, (n_samples, len(labeling_of))),
        _ones(np.array(labeling_of)[:, None], (len(labeling_of), n_labelings)),
    )


def _ones(columns, shape):
    """Sparse matrix with ones in the columns that each row of ``columns`` holds."""
    starts = np.arange(0, columns.size + 1, columns.shape[1])
    ones = np.ones(columns.size, dtype=np.int64)
    return sparse.csr_array((ones, columns.ravel(), starts), shape=shape)


def stability(labelings):
    """Mean adjusted Rand index over all pairs of labelings of the same rows.

    Parameters
    ----------
    labelings : array-like of shape (n_labelings, n_samples)
        Labelings, for instance those of several restarts.

    Returns
    -------
    float
        At most 1, which stands for labelings that all agree; around 0 where they agree no
        better than by chance; NaN where there are fewer than two.

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


def mean_agreement(agreement):
    """Mean over the pairs of an agreement matrix; NaN where there is none."""
    if len(agreement) < 2:
        return float("nan")
    return float(agreement[np.triu_indices_from(agreement, 1)].mean())
