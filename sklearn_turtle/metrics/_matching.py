"""Scores of clusters that are matched one to one to true classes."""

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics.cluster import contingency_matrix
from sklearn.utils.validation import check_consistent_length

from sklearn_turtle._input._labels import read_column
from sklearn_turtle.metrics._coverage import is_rejected
from sklearn_turtle.metrics._weights import with_weight


def clustering_accuracy(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Compute the accuracy of a clustering under the best matching of clusters to classes.

    The matching is one to one and maximizes the accuracy (Hungarian algorithm). If there are more
    clusters than classes, all rows of the unmatched clusters count as errors; if there are fewer,
    all rows of the unmatched classes do. Rejected rows count as errors, too.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters; -1 marks rejected rows, which belong to no cluster.
    sample_weight : array-like of shape (n_samples,), default=None
        Weight of each sample; None for equal weights. A weight of 2 counts like two samples, one
        of 0 like none.

    Returns
    -------
    float
        Between 0 and 1; at most the :func:`coverage`.

    Raises
    ------
    ValueError
        If the lengths differ or are zero, or if weights are negative or all zero.

    See Also
    --------
    coverage : Share of the rows that are not rejected.

    Examples
    --------
    >>> from sklearn_turtle.metrics import clustering_accuracy
    >>> clustering_accuracy(["cat", "cat", "dog", "dog"], [1, 1, 0, 1])
    0.75
    >>> clustering_accuracy(["cat", "cat", "dog", "dog"], [1, 1, -1, -1])
    0.5
    """
    _, right, sizes = _matched("clustering_accuracy", y_true, y_pred, sample_weight)
    return float(right.sum() / sizes.sum())


def mean_per_class_accuracy(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Compute the accuracy within each true class and average it over the classes.

    Clusters are matched to classes as in :func:`clustering_accuracy`, but small classes count as
    much as large ones. The accuracy of an unmatched class is 0, and rejected rows are errors.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters; -1 marks rejected rows.
    sample_weight : array-like of shape (n_samples,), default=None
        Weight of each sample; None for equal weights. A weight of 2 counts like two samples, one
        of 0 like none.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the lengths differ or are zero, or if weights are negative or all zero.

    Examples
    --------
    >>> from sklearn_turtle.metrics import mean_per_class_accuracy
    >>> mean_per_class_accuracy(["cat", "cat", "cat", "dog"], [1, 1, 1, 1])
    0.5
    """
    _, right, sizes = _matched("mean_per_class_accuracy", y_true, y_pred, sample_weight)
    return float((right / sizes).mean())


def match_clusters(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> dict[Any, Any]:
    """Match clusters to classes one to one so that the accuracy is highest.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters; -1 marks rejected rows.
    sample_weight : array-like of shape (n_samples,), default=None
        Weight of each sample; None for equal weights. A weight of 2 counts like two samples, one
        of 0 like none.

    Returns
    -------
    dict
        The class of each matched cluster, sorted by cluster. If there are more clusters than
        classes, some clusters are missing. Rejected rows are no cluster: -1 is always missing.

    Raises
    ------
    ValueError
        If the lengths differ or are zero, or if weights are negative or all zero.

    Examples
    --------
    >>> from sklearn_turtle.metrics import match_clusters
    >>> match_clusters(["cat", "cat", "dog", "dog"], [1, 1, 0, 2])
    {0: 'dog', 1: 'cat'}
    """
    matching, _, _ = _matched("match_clusters", y_true, y_pred, sample_weight)
    return matching


def _matched(
    name: str, y_true: Any, y_pred: Any, sample_weight: Any
) -> tuple[dict[Any, Any], np.ndarray, np.ndarray]:
    """Match clusters to classes, and count the rows that are right.

    Returns
    -------
    matching : dict
        The class of each matched cluster.
    right, sizes : ndarray of shape (n_classes,)
        Number of rows of each class, or their weight: those in its cluster, and all.
    """
    y_true, y_pred = read_column(y_true, "y_true"), read_column(y_pred, "y_pred")
    check_consistent_length(y_true, y_pred)
    if len(y_true) == 0:
        raise ValueError(f"{name} needs at least one sample; y_true is empty.")
    if sample_weight is None:
        overlaps = contingency_matrix(y_true, y_pred)
    else:
        y_true, y_pred, weight = with_weight(y_true, y_pred, sample_weight)
        overlaps = _weighted_overlaps(y_true, y_pred, weight)
    sizes = overlaps.sum(1)
    clusters = np.unique(y_pred)
    kept = ~is_rejected(clusters)
    overlaps, clusters = overlaps[:, kept], clusters[kept]
    rows, columns = linear_sum_assignment(overlaps, maximize=True)
    right = np.zeros_like(sizes)
    right[rows] = overlaps[rows, columns]
    of_clusters = zip(clusters[columns].tolist(), np.unique(y_true)[rows].tolist(), strict=True)
    return dict(sorted(of_clusters)), right, sizes


def _weighted_overlaps(y_true: np.ndarray, y_pred: np.ndarray, weight: np.ndarray) -> np.ndarray:
    classes, y_true = np.unique(y_true, return_inverse=True)
    clusters, y_pred = np.unique(y_pred, return_inverse=True)
    overlaps = np.zeros((len(classes), len(clusters)))
    np.add.at(overlaps, (y_true, y_pred), weight)
    return overlaps
