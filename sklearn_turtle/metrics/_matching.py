"""Clusters against true classes, matched one to one."""

from scipy.optimize import linear_sum_assignment
from sklearn.metrics.cluster import contingency_matrix
from sklearn.utils.validation import check_consistent_length, column_or_1d


def clustering_accuracy(y_true, y_pred):
    """Accuracy of a clustering under the best one-to-one matching of clusters to classes.

    The matching is the one that maximises the accuracy (Hungarian algorithm). Where there are
    more clusters than classes, rows of the clusters that are left over count as errors, and
    the reverse.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the lengths differ or are zero.

    Examples
    --------
    >>> from sklearn_turtle.metrics import clustering_accuracy
    >>> clustering_accuracy(["cat", "cat", "dog", "dog"], [1, 1, 0, 1])
    0.75
    """
    y_true, y_pred = column_or_1d(y_true), column_or_1d(y_pred)
    check_consistent_length(y_true, y_pred)
    if len(y_true) == 0:
        raise ValueError("clustering_accuracy needs at least one sample; y_true is empty.")
    overlaps = contingency_matrix(y_true, y_pred)
    classes, clusters = linear_sum_assignment(overlaps, maximize=True)
    return float(overlaps[classes, clusters].sum() / len(y_true))
