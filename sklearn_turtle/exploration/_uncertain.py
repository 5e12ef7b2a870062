"""Samples whose cluster is uncertain."""

from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils._param_validation import HasMethods, Interval, validate_params


@validate_params(
    {
        "estimator": [HasMethods("predict_proba")],
        "n_uncertain": [Interval(Integral, 1, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def uncertain_samples(estimator: Any, X: Any, n_uncertain: int = 10) -> np.ndarray:
    """Find the samples whose cluster is least certain, to look at or to label them first.

    The least certain samples have the smallest margins: the difference between the probabilities
    of the two most likely clusters.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with
        ``predict_proba``.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict_proba``.
    n_uncertain : int, default=10
        Number of samples; all samples if there are fewer.

    Returns
    -------
    indices : ndarray of shape (n_uncertain,)
        Rows of ``X``, the least certain first.

    Raises
    ------
    ValueError
        If ``n_uncertain`` is not positive, or ``X`` does not fit the estimator.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import uncertain_samples
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> uncertain_samples(turtle, X, 5).shape
    (5,)
    """
    probabilities = estimator.predict_proba(X)
    if probabilities.shape[1] == 1:
        return np.arange(min(n_uncertain, len(probabilities)))
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    least_certain: np.ndarray = np.argsort(first - second, kind="stable")
    return least_certain[:n_uncertain]
