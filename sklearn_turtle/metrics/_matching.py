"""Clusters against true classes, matched one to one."""

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics.cluster import contingency_matrix
from sklearn.utils.validation import check_consistent_length, column_or_1d


def clustering_accuracy(y_true, y_pred):
    """Accuracy of a clustering under the best one-to-one matching of clusters to classes.

    The matching is the one that maximizes the accuracy (Hungarian algorithm). Where there are
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
    overlaps, classes, clusters = _matched_overlaps("clustering_accuracy", y_true, y_pred)
    return float(overlaps[classes, clusters].sum() / overlaps.sum())


def mean_per_class_accuracy(y_true, y_pred):
    """Accuracy within each true class, averaged over the classes.

    Clusters are matched to classes as for :func:`clustering_accuracy`; small classes then count
    as much as large ones. A class that no cluster is matched to has an accuracy of 0.

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
    >>> from sklearn_turtle.metrics import mean_per_class_accuracy
    >>> mean_per_class_accuracy(["cat", "cat", "cat", "dog"], [1, 1, 1, 1])
    0.5
    """
    overlaps, classes, clusters = _matched_overlaps("mean_per_class_accuracy", y_true, y_pred)
    right = np.zeros(len(overlaps))
    right[classes] = overlaps[classes, clusters]
    return float((right / overlaps.sum(1)).mean())


def match_clusters(y_true, y_pred):
    """The one-to-one matching of clusters to classes that maximizes the accuracy.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters.

    Returns
    -------
    dict
        The class of each cluster, in the order of the clusters. Where there are more clusters
        than classes, those that are left over are missing.

    Raises
    ------
    ValueError
        If the lengths differ or are zero.

    Examples
    --------
    >>> from sklearn_turtle.metrics import match_clusters
    >>> match_clusters(["cat", "cat", "dog", "dog"], [1, 1, 0, 2])
    {0: 'dog', 1: 'cat'}
    """
    _, classes, clusters = _matched_overlaps("match_clusters", y_true, y_pred)
    classes, clusters = np.unique(y_true)[classes], np.unique(y_pred)[clusters]
    return dict(sorted(zip(clusters.tolist(), classes.tolist(), strict=True)))


def _matched_overlaps(name, y_true, y_pred):
    """Rows that classes and clusters share, and the indices of those that match."""
    y_true, y_pred = column_or_1d(y_true), column_or_1d(y_pred)
    check_consistent_length(y_true, y_pred)
    if len(y_true) == 0:
        raise ValueError(f"{name} needs at least one sample; y_true is empty.")
    overlaps = contingency_matrix(y_true, y_pred)
    return overlaps, *linear_sum_assignment(overlaps, maximize=True)
