"""Weights of samples in scores of labelings."""

from typing import Any

import numpy as np
from sklearn.utils import check_array
from sklearn.utils.validation import check_consistent_length, column_or_1d


def with_weight(
    y_true: Any, y_pred: Any, sample_weight: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Leave out the samples whose weight is 0.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
        Two labelings.
    sample_weight : array-like of shape (n_samples,)
        Weights.

    Returns
    -------
    y_true, y_pred, sample_weight : ndarray of shape (n_heavy,)
        The samples of positive weight.

    Raises
    ------
    ValueError
        If the lengths differ, a weight is negative or not finite, or all weights are 0.
    """
    y_true, y_pred = column_or_1d(y_true), column_or_1d(y_pred)
    weight = check_array(
        column_or_1d(sample_weight), ensure_2d=False, dtype=np.float64, input_name="sample_weight"
    )
    check_consistent_length(y_true, y_pred, weight)
    if weight.min() < 0:
        raise ValueError(f"sample_weight must not be negative; its least is {weight.min():g}.")
    heavy = weight > 0
    if not heavy.any():
        raise ValueError("sample_weight is 0 for all samples: give some a positive weight.")
    return y_true[heavy], y_pred[heavy], weight[heavy]
