"""Predict Dask arrays lazily, block by block, and other arrays at once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input.lazy import predict_by_blocks
from sklearn_turtle._linear._prediction import (
    LABEL_DTYPE,
    Labeling,
    predict_labels,
    predict_log_odds,
    predict_probabilities,
)


def lazy_labels(model: Labeling, spaces: Spaces, *, reject_below: float | None = None) -> Any:
    """Predict the labels of checked spaces.

    Parameters
    ----------
    model, spaces, reject_below
        As for :func:`predict_labels`.

    Returns
    -------
    dask.array.Array or ndarray of shape (n_samples,), int32
        A Dask array if all spaces are Dask arrays.

    Raises
    ------
    ValueError
        If ``reject_below`` is not a probability; and as :func:`predict_labels`.
    """
    check_reject_below(reject_below)
    return _lazily(partial(predict_labels, model, reject_below=reject_below), spaces, LABEL_DTYPE)


def lazy_probabilities(model: Labeling, spaces: Spaces) -> Any:
    """Predict the probabilities of checked spaces.

    Parameters
    ----------
    model, spaces
        As for :func:`predict_probabilities`.

    Returns
    -------
    dask.array.Array or ndarray of shape (n_samples, n_clusters)
        A Dask array if all spaces are Dask arrays.

    Raises
    ------
    ValueError
        As :func:`predict_probabilities`.
    """
    predict = partial(predict_probabilities, model)
    return _lazily(predict, spaces, spaces.float_dtype, model.n_clusters)


def lazy_log_odds(model: Labeling, spaces: Spaces) -> Any:
    """Predict the log-odds of checked spaces; as :func:`lazy_probabilities`."""
    predict = partial(predict_log_odds, model)
    return _lazily(predict, spaces, spaces.float_dtype, model.n_clusters)


def check_reject_below(reject_below: float | None) -> None:
    """Raise ValueError if ``reject_below`` is neither None nor a probability."""
    if reject_below is not None and not 0 <= reject_below <= 1:
        raise ValueError(f"reject_below={reject_below!r} must be between 0 and 1.")


def _lazily(
    predict: Callable[[Spaces], Any],
    spaces: Spaces,
    dtype: np.dtype[Any],
    n_columns: int | None = None,
) -> Any:
    matrices = spaces.dask_matrices
    if matrices is None:
        return predict(spaces)
    # the task of a block must not hold the whole arrays
    of_blocks = partial(_predict_blocks, predict, replace(spaces, matrices=[]))
    return predict_by_blocks(of_blocks, matrices, dtype, n_columns)


def _predict_blocks(
    predict: Callable[[Spaces], Any], spaces: Spaces, blocks: list[np.ndarray]
) -> Any:
    return predict(replace(spaces, matrices=list(blocks)))
