"""What ``X`` means to an estimator: at ``fit``, and again at ``predict``."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace

import numpy as np
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from sklearn_turtle._input._columns import parse_columns
from sklearn_turtle._input._cross_validation import _refuse_inside_cross_validation
from sklearn_turtle._input._matrix import check_matrix
from sklearn_turtle._input._spaces import (
    is_collection_of_spaces,
    spaces_of_collection,
    spaces_of_matrix,
)


def read_fit_input(estimator, X):
    """Read ``X`` at ``fit``, and leave the estimator as it is.

    Parameters
    ----------
    estimator : estimator
        Has the parameter ``spaces``.
    X : collection of matrices, or matrix
        As passed by the user.

    Returns
    -------
    spaces : Spaces
        Checked spaces.
    attributes : dict
        The fitted attributes that tell of the input, for :func:`read_predict_input`:
        ``n_features_in_``, ``feature_names_in_`` where there are names, ``space_names_`` and
        ``_space_columns``.
    """
    # what validation learns of X goes to a copy, so that a failure leaves no trace
    probe = copy(estimator)
    spaces = _read_and_learn(probe, X)
    attributes = {
        name: getattr(probe, name)
        for name in ("n_features_in_", "feature_names_in_")
        if hasattr(probe, name)
    }
    return spaces, attributes | {"space_names_": spaces.names, "_space_columns": spaces.columns}


def read_classes(estimator, y):
    """Check the classes that a classifier is fitted to.

    Returns
    -------
    ndarray of shape (n_samples,)
    """
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    y = column_or_1d(y, warn=True)
    assert_all_finite(y, input_name="y")
    check_classification_targets(y)
    return y


def _read_and_learn(estimator, X):
    """Read ``X``; sets ``n_features_in_`` and ``feature_names_in_`` on the estimator."""
    if not is_collection_of_spaces(X):
        matrix = check_matrix(X, None, estimator=estimator)
        names, columns = parse_columns(
            estimator.spaces, matrix.shape[1], getattr(estimator, "feature_names_in_", None)
        )
        return spaces_of_matrix(matrix, names, columns)
    if estimator.spaces is not None:
        raise ValueError(
            f"spaces={estimator.spaces!r} assigns the columns of one 2-D X, but X is a collection "
            f"of {len(X)} matrices. Pass spaces=None, or the stacked X of stack_spaces."
        )
    _refuse_inside_cross_validation(estimator)
    spaces = spaces_of_collection(X)
    estimator.n_features_in_ = sum(spaces.widths)
    vars(estimator).pop("feature_names_in_", None)
    feature_names = _feature_names(spaces.names, _entries(X))
    if feature_names is not None:
        estimator.feature_names_in_ = np.array(feature_names, dtype=object)
    return spaces


def read_predict_input(estimator, X):
    """Read ``X`` after ``fit`` and compare it with what ``fit`` saw.

    Parameters
    ----------
    estimator : estimator
        Fitted: has the attributes that :func:`read_fit_input` gave.
    X : collection of matrices, or matrix
        As passed by the user.

    Returns
    -------
    Spaces
    """
    names = estimator.space_names_
    if not is_collection_of_spaces(X):
        matrix = check_matrix(X, None, estimator=estimator, reset=False)
        return spaces_of_matrix(matrix, names, estimator._space_columns)
    if isinstance(X, Mapping):
        given = {str(name): matrix for name, matrix in X.items()}
        if set(given) != set(names):
            raise ValueError(f"fit saw the spaces {names}, but X has {list(given)}.")
        X = {name: given[name] for name in names}
    elif len(X) != len(names):
        raise ValueError(
            f"X has {len(X)} space(s), but fit saw {len(names)}: {names}. Cross-validation tools "
            "split a list by its spaces: pass them the stacked X of stack_spaces."
        )
    spaces = spaces_of_collection(X)
    for name, width, columns in zip(names, spaces.widths, estimator._space_columns, strict=True):
        expected_width = len(np.arange(estimator.n_features_in_)[columns])
        if width != expected_width:
            raise ValueError(
                f"Space {name!r} has {width} features, but {type(estimator).__name__} is "
                f"expecting {expected_width} features as input."
            )
    feature_names = _feature_names(names, _entries(X))
    expected = getattr(estimator, "feature_names_in_", None)
    if feature_names is not None and expected is not None and feature_names != list(expected):
        raise ValueError(
            "The feature names should match those that were passed during fit: fit saw "
            f"{list(expected)[:5]}..., X has {feature_names[:5]}..."
        )
    return replace(spaces, names=names)


def _entries(X):
    return list(X.values()) if isinstance(X, Mapping) else list(X)


def _feature_names(names, entries):
    """Names of all columns, "space__column", where every matrix has names; else None."""
    feature_names = []
    for name, entry in zip(names, entries, strict=True):
        columns = list(getattr(entry, "columns", []))
        if not columns or not all(isinstance(column, str) for column in columns):
            return None
        feature_names += [f"{name}__{column}" for column in columns]
    return feature_names
