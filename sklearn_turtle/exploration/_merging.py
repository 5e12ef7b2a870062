"""Merge clusters of a fitted clustering."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.utils._param_validation import HasMethods, validate_params
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import n_clusters_of
from sklearn_turtle.exploration._edited import EditedClustering, with_edit
from sklearn_turtle.exploration._edits import Merge


@validate_params(
    {"estimator": [HasMethods(["fit", "predict_proba"])]},
    prefer_skip_nested_validation=True,
)
def merge_clusters(estimator: Any, *groups: Sequence[int] | np.ndarray) -> EditedClustering:
    """Merge several clusters into one.

    The probability of the new cluster is exactly the sum of the probabilities of its parts. No
    linear labeling (Eq. 9) with fewer clusters gives this sum, so the result keeps the estimator
    and adds up its predictions.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with
        ``predict_proba`` and ``n_clusters``. It is not changed.
    *groups : array-like of int
        The clusters of each group become one. Groups do not overlap.

    Returns
    -------
    EditedClustering
        Each new cluster takes the place of the first of its parts. Clusters in no group keep their
        order, and move down to fill gaps in the numbers. ``labels_`` are those of the estimator
        with the new numbers, if it has them.

    Raises
    ------
    ValueError
        If the groups overlap, or contain anything but clusters of the estimator.
    NotFittedError
        If the estimator is not fitted.

    See Also
    --------
    split_cluster : Split a cluster.
    group_clusters : Find groups of clusters that are close to each other.
    refit_from_labels : Fit a linear labeling to the merged labels.

    Notes
    -----
    ``predict`` returns the cluster of the highest probability. A sample that was in none of the
    parts joins the new cluster if the sum of their probabilities is the highest. In ``labels_``,
    it stays where it was; ``merged.fit(X)`` replaces ``labels_`` by ``merged.predict(X)``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import merge_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> merged = merge_clusters(turtle, [0, 2])
    >>> merged.predict_proba(X).shape
    (300, 3)
    """
    check_is_fitted(estimator)
    first = np.arange(n_clusters_of(estimator))
    seen: list[int] = []
    for group in groups:
        clusters = np.unique(group)
        if (
            np.ndim(group) != 1
            or clusters.dtype.kind not in "iu"
            or not np.isin(clusters, first).all()
        ):
            raise ValueError(
                f"Each group must be a list of clusters from 0 to {len(first) - 1}; got {group!r}."
            )
        seen += clusters.tolist()
    if len(set(seen)) < len(seen):
        raise ValueError(f"Groups must not overlap; got {groups!r}.")
    for group in groups:
        first[np.asarray(group)] = min(group)
    _, numbers = np.unique(first, return_inverse=True)
    merged = with_edit(estimator, Merge(numbers))
    labels = getattr(estimator, "labels_", None)
    if labels is not None:
        merged.labels_ = np.where(labels < 0, -1, numbers[labels]).astype(np.int32)
    return merged
