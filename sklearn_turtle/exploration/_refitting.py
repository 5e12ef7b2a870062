"""A labeling from labels that somebody edited."""

import numpy as np
import torch
from sklearn.base import clone
from sklearn.utils._param_validation import validate_params
from sklearn.utils.validation import check_is_fitted, column_or_1d

from sklearn_turtle._estimator._fitted import draw_seed, replace_fitted
from sklearn_turtle._estimator._problem import problem_of
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._estimator._warnings import warn_of_doubt
from sklearn_turtle._input._read import read_predict_input
from sklearn_turtle._solver import Draws, solve_from_labels
from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.exploration._editing import EditedClustering, base_of

# what a fit tells of its input
OF_INPUT = ("n_features_in_", "feature_names_in_", "space_names_", "_space_columns")


@validate_params(
    {"estimator": [TurtleClustering, EditedClustering], "labels": ["array-like"]},
    prefer_skip_nested_validation=True,
)
def refit_from_labels(estimator, X, labels, *, polish_iter=None):
    """Fit a clustering again, starting from labels instead of random weights.

    In each space a linear classifier is fitted to the labels. They make the labeling that the
    polish starts from, in place of the merged restarts of
    :meth:`~sklearn_turtle.TurtleClustering.fit`.

    Parameters
    ----------
    estimator : TurtleClustering or EditedClustering
        Fitted. Its parameters are those of the fit, its spaces are how ``X`` is read, and it is
        left as it is.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    labels : array-like of shape (n_samples,)
        Cluster of each sample, by any integers or strings: those that the estimator gave, after
        they were edited. The integer -1 stands for samples whose cluster is to be found.
    polish_iter : int or None, default=None
        Number of outer steps of a phase of the polish; 0 for the labeling that is fitted to the
        labels as it is. None for that of the estimator.

    Returns
    -------
    TurtleClustering
        Fitted, with as many clusters as ``labels`` has, numbered from 0, the largest first.
        ``temperature_`` is 1 and ``stability_`` NaN: there are no restarts that could agree.

    Raises
    ------
    ValueError
        If there is not a label for each sample, if no cluster is known, or if ``X`` does not fit
        the estimator.
    TypeError
        If the clustering that was edited is no TurtleClustering.
    NotFittedError
        If the estimator is not fitted.

    Warns
    -----
    ConvergenceWarning
        If clusters are empty.

    See Also
    --------
    merge_clusters : Merge clusters exactly, without fitting anything.
    split_cluster : Split a cluster, and leave the others as they are.
    sklearn_turtle.exploration.assign_classes : Give clusters the classes of a few labels.

    Notes
    -----
    Labels are where the optimization starts, not what it must keep to: the polish moves samples
    to where linear classifiers separate them best, which repairs wrong labels as well. How many
    labels are kept is what ``labels`` and ``labels_`` tell.

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
        raise TypeError(f"refit_from_labels fits a TurtleClustering, not {base!r}.")
    check_is_fitted(base)
    spaces = read_predict_input(base, X)
    of_input = {name: getattr(base, name) for name in OF_INPUT if hasattr(base, name)}
    numbers, n_clusters = _read_labels(labels, spaces.n_samples)
    refitted = clone(base).set_params(n_clusters=n_clusters)
    if polish_iter is not None:
        refitted.set_params(polish_iter=polish_iter)
    refitted._validate_params()
    problem = problem_of(refitted, spaces, of_input)
    solution = solve_from_labels(
        problem.feature_spaces,
        torch.from_numpy(numbers),
        strategy_of(refitted, spaces.n_samples),
        Draws(draw_seed(refitted)),
    )
    replace_fitted(refitted, problem.fitted_attributes(solution, refitted.calibrate))
    warn_of_doubt(refitted)
    return refitted


def _read_labels(labels, n_samples):
    """Number the clusters of labels from 0, and leave -1 as it is.

    Returns
    -------
    numbers : ndarray of shape (n_samples,), int64
    n_clusters : int
    """
    labels = column_or_1d(labels)
    if len(labels) != n_samples:
        raise ValueError(
            f"labels has {len(labels)} entries, but X has {n_samples} samples: pass one for each, "
            "-1 where it is not known."
        )
    known = labels != -1 if labels.dtype.kind == "i" else np.ones(n_samples, dtype=bool)
    if not known.any():
        raise ValueError("labels are all -1, which stands for not known: label some samples.")
    clusters, of_known = np.unique(labels[known], return_inverse=True)
    numbers = np.full(n_samples, -1)
    numbers[known] = of_known
    return numbers, len(clusters)
