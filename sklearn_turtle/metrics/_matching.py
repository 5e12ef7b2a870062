"""Scores of clusters that are matched one to one to true classes."""

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics.cluster import contingency_matrix
from sklearn.utils.validation import check_consistent_length, column_or_1d


def clustering_accuracy(y_true: Any, y_pred: Any) -> float:
    """Compute the accuracy of a clustering under the best matching of clusters to classes.

    The matching is one to one and maximizes the accuracy (Hungarian algorithm). If there are more
    clusters than classes, all rows of the unmatched clusters count as errors; if there are fewer,
    all rows of the unmatched classes do.

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


def mean_per_class_accuracy(y_true: Any, y_pred: Any) -> float:
    """Compute the accuracy within each true class and average it over the classes.

    Clusters are matched to classes as in :func:`clustering_accuracy`, but small classes count as
    much as large ones. The accuracy of an unmatched class is 0.

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


def match_clusters(y_true: Any, y_pred: Any) -> dict[Any, Any]:
    """Match clusters to classes one to one so that the accuracy is highest.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters.

    Returns
    -------
    dict
        The class of each matched cluster, sorted by cluster. If there are more clusters than
        classes, some clusters are missing.

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


def _matched_overlaps(
    name: str, y_true: Any, y_pred: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count the rows that classes and clusters share, and match the two.

    Returns
    -------
    overlaps : ndarray of shape (n_classes, n_clusters)
        Number of shared rows.
    classes, clusters : ndarray of shape (n_matched,)
        Indices of the matched pairs.
    """
    y_true, y_pred = column_or_1d(y_true), column_or_1d(y_pred)
    check_consistent_length(y_true, y_pred)
    if len(y_true) == 0:
        raise ValueError(f"{name} needs at least one sample; y_true is empty.")
    overlaps = contingency_matrix(y_true, y_pred)
    return overlaps, *linear_sum_assignment(overlaps, maximize=True)
