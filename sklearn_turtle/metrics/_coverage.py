"""The share of the rows that a labeling does not reject."""

from typing import Any

import numpy as np
from sklearn.utils.validation import column_or_1d


def coverage(y_pred: Any) -> float:
    """Compute the share of the rows that are not rejected.

    Parameters
    ----------
    y_pred : array-like of shape (n_samples,)
        Clusters; -1 marks rejected rows, as ``predict(X, reject_below=...)`` returns them.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If there are no rows.

    See Also
    --------
    clustering_accuracy : Accuracy over all rows, in which rejected rows count as errors.

    Notes
    -----
    The accuracy among the rows that are not rejected is ``clustering_accuracy(y_true, y_pred) /
    coverage(y_pred)``.

    Examples
    --------
    >>> from sklearn_turtle.metrics import clustering_accuracy, coverage
    >>> y_pred = [1, -1, 0, 0]
    >>> coverage(y_pred)
    0.75
    >>> clustering_accuracy(["cat", "cat", "dog", "dog"], y_pred)
    0.75
    """
    y_pred = column_or_1d(y_pred)
    if len(y_pred) == 0:
        raise ValueError("coverage needs at least one sample; y_pred is empty.")
    return float(np.mean(~is_rejected(y_pred)))


def is_rejected(labels: np.ndarray) -> np.ndarray:
    """Which labels are the number -1, which marks rejected rows.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        Labels of any dtype.

    Returns
    -------
    ndarray of shape (n_samples,), bool
    """
    if labels.dtype.kind in "US":
        return np.zeros(len(labels), dtype=bool)
    return np.asarray(labels == -1, dtype=bool)
