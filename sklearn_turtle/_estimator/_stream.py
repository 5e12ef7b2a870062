"""From an estimator and a chunk of a stream to the estimator after it."""

import math
import sys
from copy import copy
from dataclasses import replace
from typing import Any

from sklearn_turtle._estimator._fitted import check_number_of_samples, draw_seed
from sklearn_turtle._estimator._problem import Problem
from sklearn_turtle._estimator._rules import solver_settings
from sklearn_turtle._estimator._stream_state import StreamState
from sklearn_turtle._input._device import select_device, select_precision
from sklearn_turtle._input._read import read_fit_input, read_predict_input
from sklearn_turtle._input._scaling import standardized_spaces
from sklearn_turtle._input._schema import InputSchema
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._solver import Draws, LinearModel, TaskEncoder, solve_chunk


@with_torch_defaults
def attributes_after_chunk(estimator: Any, X: Any) -> dict[str, Any]:
    """All attributes of an estimator after a chunk of a stream.

    Parameters
    ----------
    estimator : TurtleClustering
        Fitted or not; it does not change.
    X : collection of matrices, or matrix
        The chunk, as passed by the user.

    Returns
    -------
    dict
    """
    state = StreamState.read(estimator)
    fitted = hasattr(estimator, "coef_")
    if estimator.n_clusters == "auto":
        if not fitted:
            raise ValueError(
                "n_clusters='auto' needs all rows at once: call fit, or give a number."
            )
        estimator = copy(estimator).set_params(n_clusters=estimator.n_clusters_)
    problem = _read_chunk(estimator, X, state, fitted)
    spaces = problem.feature_spaces
    before = None
    if fitted:
        model = FittedLinearModel.of(estimator).as_linear_model()
        before = model.for_standardized_features(spaces)
    # the mini-batches of a stream differ from each other, even if a chunk has few rows
    settings = solver_settings(estimator, n_samples=sys.maxsize)
    settings = replace(
        settings,
        max_iter=math.ceil(problem.spaces.n_samples / settings.batch_size),
        schedule="constant",
    )
    initial: TaskEncoder | LinearModel | None
    if state is not None:
        initial, seed = state.task_encoder(spaces, settings), state.seed
        settings = replace(settings, n_restarts=state.n_restarts)
    else:
        initial, seed = before, draw_seed(estimator)
        if fitted:  # by fit, which has merged its restarts
            settings = replace(settings, n_restarts=1)
    solution = solve_chunk(spaces, settings, Draws(seed), initial=initial, before=before)
    state = StreamState.of(spaces, solution.encoder, seed + 1)
    attributes = problem.fitted_attributes(solution, estimator.calibrate, keep_numbers=fitted)
    n_iter = getattr(estimator, "n_iter_", 0) + attributes["n_iter_"]
    return attributes | state.attributes | {"n_iter_": n_iter}


def _read_chunk(estimator: Any, X: Any, state: StreamState | None, fitted: bool) -> Problem:
    if fitted:
        if estimator.n_clusters != estimator.n_clusters_:
            raise ValueError(
                f"n_clusters={estimator.n_clusters}, but the earlier chunks were clustered into "
                f"{estimator.n_clusters_}: set it back, or start with a clone of the estimator."
            )
        spaces, schema = read_predict_input(estimator, X), InputSchema.of(estimator)
    else:
        spaces, schema = read_fit_input(estimator, X)
        check_number_of_samples(estimator, spaces.n_samples)
    device = select_device(estimator.device)
    precision = select_precision(estimator.precision, device)
    like = None if state is None else state.standardizations
    feature_spaces = standardized_spaces(spaces, estimator.scaling, device, precision, like=like)
    return Problem(spaces, feature_spaces, device, schema)
