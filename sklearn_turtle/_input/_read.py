"""Read the arguments of ``fit`` and of the methods of a fitted estimator."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets

from sklearn_turtle._input._columns import parse_columns
from sklearn_turtle._input._cross_validation import refuse_inside_cross_validation
from sklearn_turtle._input._labels import read_column
from sklearn_turtle._input._matrix import Matrix, check_matrix
from sklearn_turtle._input._schema import InputSchema
from sklearn_turtle._input._spaces import (
    Spaces,
    is_collection_of_spaces,
    spaces_of_collection,
    spaces_of_matrix,
)

# A list of more matrices of one row is a list of samples, not of spaces.
MANY_SPACES = 2


def read_fit_input(estimator: Any, X: Any) -> tuple[Spaces, InputSchema]:
    """Read ``X`` in ``fit``. The estimator is not changed.

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
    schema : InputSchema
        Features and spaces that later input is compared with.

    Raises
    ------
    ValueError
        If ``X`` is malformed or does not match the parameter ``spaces``, or if a
        cross-validation tool has split a list of spaces by its entries.
    TypeError
        If a matrix is sparse.
    """
    if is_collection_of_spaces(X):
        return _read_collection(estimator, X)
    # scikit-learn sets attributes on the estimator that it validates: on a copy, so that a
    # failure leaves no trace
    validated = copy(estimator)
    matrix = check_matrix(X, None, estimator=validated)
    feature_names = getattr(validated, "feature_names_in_", None)
    names, columns = parse_columns(estimator.spaces, matrix.shape[1], feature_names)
    schema = InputSchema(validated.n_features_in_, feature_names, names, columns)
    return spaces_of_matrix(matrix, names, columns), schema


def _read_collection(estimator: Any, X: Any) -> tuple[Spaces, InputSchema]:
    if estimator.spaces is not None:
        raise ValueError(
            f"spaces={estimator.spaces!r} assigns the columns of one 2-D X, but X is a collection "
            f"of {len(X)} matrices. Pass spaces=None, or the stacked X of stack_spaces."
        )
    refuse_inside_cross_validation(estimator)
    spaces = spaces_of_collection(X)
    if spaces.n_samples == 1 and len(X) > MANY_SPACES:
        raise ValueError(
            f"X holds {len(X)} matrices of one row, which are {len(X)} spaces of one "
            "sample. If the rows are samples of one space, pass one matrix: np.concatenate(X)."
        )
    names = _feature_names(spaces, X)
    feature_names = None if names is None else np.array(names, dtype=object)
    schema = InputSchema(sum(spaces.widths), feature_names, spaces.names, spaces.columns)
    return spaces, schema


def read_predict_input(estimator: Any, X: Any) -> Spaces:
    """Read ``X`` after ``fit`` and compare it with the input of ``fit``.

    Parameters
    ----------
    estimator : estimator
        Fitted: has the attributes of an :class:`InputSchema`.
    X : collection of matrices, or matrix
        As passed by the user.

    Returns
    -------
    Spaces
        Checked spaces, with the names and the order of ``fit``.

    Raises
    ------
    ValueError
        If ``X`` is malformed, or if its spaces or its features differ from those of ``fit``.
    TypeError
        If a matrix is sparse.
    """
    schema = InputSchema.of(estimator)
    if not is_collection_of_spaces(X):
        matrix = _check_matrix_of_all_spaces(estimator, X, schema)
        return spaces_of_matrix(matrix, schema.space_names, schema.space_columns)
    X = _in_order_of_fit(X, schema.space_names)
    spaces = spaces_of_collection(X)
    _check_widths(spaces, schema, type(estimator).__name__)
    spaces = replace(spaces, names=schema.space_names)
    _check_feature_names(_feature_names(spaces, X), schema)
    return spaces


def _check_matrix_of_all_spaces(estimator: Any, X: Any, schema: InputSchema) -> Matrix:
    try:
        return check_matrix(X, None, estimator=estimator, reset=False)
    except ValueError as error:
        if len(schema.space_names) == 1 or "features as input" not in str(error):
            raise
        widths = [schema.width(k) for k in range(len(schema.space_names))]
        raise ValueError(
            f"{error} The spaces {schema.space_names} have {widths} features: pass a list or dict "
            "of one matrix per space, or the stacked X of stack_spaces."
        ) from error


def _in_order_of_fit(X: Any, names: list[str]) -> Any:
    """Sort the entries of a dict by the spaces of ``fit``; a list is in that order already."""
    if isinstance(X, Mapping):
        given = {str(name): matrix for name, matrix in X.items()}
        if set(given) != set(names):
            raise ValueError(
                f"fit saw the spaces {names}, but X has {list(given)}. Pass a dict with the names "
                "of fit, or a list in the order of fit."
            )
        return {name: given[name] for name in names}
    if len(X) != len(names):
        raise ValueError(
            f"X has {len(X)} space(s), but fit saw {len(names)}: {names}. A list has one matrix "
            "per space: to predict for batches of one matrix, pass np.concatenate(X). "
            "Cross-validation tools split a list by its spaces: pass them the stacked X of "
            "stack_spaces."
        )
    return X


def _check_widths(spaces: Spaces, schema: InputSchema, estimator_name: str) -> None:
    for k, (name, width) in enumerate(zip(schema.space_names, spaces.widths, strict=True)):
        if width != schema.width(k):
            raise ValueError(
                f"Space {name!r} has {width} features, but {estimator_name} is expecting "
                f"{schema.width(k)} features as input."
            )


def _check_feature_names(feature_names: list[str] | None, schema: InputSchema) -> None:
    expected = None if schema.feature_names is None else list(schema.feature_names)
    if feature_names is not None and expected is not None and feature_names != expected:
        raise ValueError(
            "The feature names should match those that were passed during fit: fit saw "
            f"{expected[:5]}..., X has {feature_names[:5]}..."
        )


def _feature_names(spaces: Spaces, X: Any) -> list[str] | None:
    """Names "space__column" of all columns if every matrix has column names; else None."""
    matrices = X.values() if isinstance(X, Mapping) else X
    feature_names = []
    for name, width, matrix in zip(spaces.names, spaces.widths, matrices, strict=True):
        columns = list(getattr(matrix, "columns", []))
        # a column of vectors has one name for all features
        if len(columns) != width or not all(isinstance(column, str) for column in columns):
            return None
        feature_names += [f"{name}__{column}" for column in columns]
    return feature_names


def read_classes(estimator: Any, y: Any) -> np.ndarray:
    """Check the classes that a classifier is fitted to.

    Parameters
    ----------
    estimator : estimator
        Estimator to be fitted; its class is named in the message.
    y : array-like of shape (n_samples,) or None
        As passed by the user.

    Returns
    -------
    ndarray of shape (n_samples,)

    Raises
    ------
    ValueError
        If ``y`` is None, is not one-dimensional, holds missing values, NaN or infinity, or holds
        continuous values.
    """
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    classes: np.ndarray = read_column(y, "y", warn=True)
    assert_all_finite(classes, input_name="y")
    check_classification_targets(classes)
    return classes
