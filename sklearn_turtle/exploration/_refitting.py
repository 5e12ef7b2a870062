"""Fit a clustering again, starting from labels."""

from typing import Any

import numpy as np
import torch
from sklearn.base import clone
from sklearn.utils._param_validation import validate_params
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._fitted import draw_seed, replace_fitted
from sklearn_turtle._estimator._problem import problem_of
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._estimator._warnings import warn_of_doubt
from sklearn_turtle._input._labels import read_column
from sklearn_turtle._input._read import read_predict_input
from sklearn_turtle._input._schema import InputSchema
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._solver import Draws, solve_from_labels
from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.exploration._edited import EditedClustering, base_of


@validate_params(
    {"estimator": [TurtleClustering, EditedClustering], "labels": ["array-like"]},
    prefer_skip_nested_validation=True,
)
@with_torch_defaults
def refit_from_labels(
    estimator: TurtleClustering | EditedClustering,
    X: Any,
    labels: Any,
    *,
    polish_iter: int | None = None,
) -> TurtleClustering:
    """Fit a clustering again, starting from labels instead of random weights.

    Samples whose cluster is unknown take the label that a linear classifier of the others gives
    them. Single samples then move to the clusters that suit their neighbors best. The clusters
    stay those of the labels.

    Parameters
    ----------
    estimator : TurtleClustering or EditedClustering
        A fitted clustering. The new fit uses its parameters and its spaces. It is not changed.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    labels : array-like of shape (n_samples,)
        Cluster of each sample, as integers or strings: for example, edited ``labels_`` of the
        estimator. The integer -1 marks samples whose cluster is unknown.
    polish_iter : int or None, default=None
        0 if no sample moves. With ``n_neighbors=0``, the number of outer steps of the polish. None
        for the ``polish_iter`` of the estimator.

    Returns
    -------
    TurtleClustering
        A fitted clustering with the clusters of ``labels``, numbered from 0, the largest first.
        ``temperature_`` is 1 and ``stability_`` is NaN, because there are no restarts to compare.

    Raises
    ------
    ValueError
        If there is not one label per sample, if all labels are -1, or if ``X`` does not fit the
        estimator.
    TypeError
        If the edited clustering is not a TurtleClustering.
    NotFittedError
        If the estimator is not fitted.

    Warns
    -----
    ConvergenceWarning
        If clusters are empty.

    See Also
    --------
    merge_clusters : Merge clusters exactly, without fitting anything.
    split_cluster : Split a cluster without changing the others.
    assign_classes : Assign classes to clusters from a few labeled samples.

    Notes
    -----
    Labels need not be kept: moving samples repairs wrong labels.
    Compare ``labels`` with ``labels_`` to see which labels have changed.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import refit_from_labels
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> edited = turtle.labels_.copy()
    >>> edited[edited == 3] = 2
    >>> refitted = refit_from_labels(turtle, X, edited)
    >>> refitted.n_clusters, refitted.predict_proba(X).shape
    (3, (300, 3))
    """
    base = base_of(estimator)
    if not isinstance(base, TurtleClustering):
        raise TypeError(f"estimator must be a TurtleClustering or an edited one; got {base!r}.")
    check_is_fitted(base)
    spaces = read_predict_input(base, X)
    numbers, n_clusters = _read_labels(labels, spaces.n_samples)
    refitted: TurtleClustering = clone(base).set_params(n_clusters=n_clusters)
    if polish_iter is not None:
        refitted.set_params(polish_iter=polish_iter)
    refitted._validate_params()
    problem = problem_of(refitted, spaces, InputSchema.of(base))
    solution = solve_from_labels(
        problem.feature_spaces,
        torch.from_numpy(numbers),
        strategy_of(refitted, spaces.n_samples, len(spaces.matrices)),
        Draws(draw_seed(refitted)),
    )
    replace_fitted(refitted, problem.fitted_attributes(solution, refitted.calibrate))
    warn_of_doubt(refitted)
    return refitted


def _read_labels(labels: Any, n_samples: int) -> tuple[np.ndarray, int]:
    """Number the clusters of labels from 0, and keep -1.

    Returns
    -------
    numbers : ndarray of shape (n_samples,), int64
    n_clusters : int
    """
    labels = read_column(labels, "labels")
    if len(labels) != n_samples:
        raise ValueError(
            f"labels has {len(labels)} entries, but X has {n_samples} samples: pass one label per "
            "sample, and -1 if it is unknown."
        )
    known = labels != -1 if labels.dtype.kind == "i" else np.ones(n_samples, dtype=bool)
    if not known.any():
        raise ValueError("labels are all -1, which marks unknown clusters: label some samples.")
    clusters, of_known = np.unique(labels[known], return_inverse=True)
    numbers = np.full(n_samples, -1)
    numbers[known] = of_known
    return numbers, len(clusters)
