"""Run a fit, in one process or several."""

import warnings
from typing import Any

from sklearn_turtle._estimator._checkpoints import CheckpointOptions, checkpointed
from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._estimator._interruption import interruptible
from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator._progress import FitProgress
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._estimator._warnings import warn_of_spaces
from sklearn_turtle._solver import ALONE, Draws, Processes, n_steps, solve_restarts


def run_fit(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    with_n_clusters: Any = None,
    processes: Processes = ALONE,
    checkpoint: CheckpointOptions | None = None,
    on_interrupt: str = "raise",
) -> None:
    """Fit an estimator.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator to fit. Its parameters are valid.
    X, y : object
        As passed by the user. With several processes, each passes its own rows.
    with_n_clusters : TurtleClustering or None
        A copy of the estimator with a number of clusters in place of "auto"; None if it has one.
    processes : Processes
        The processes that share the fit.
    checkpoint : CheckpointOptions or None
        Where checkpoints are written; None for none.
    on_interrupt : {"raise", "stop"}
        As for :meth:`TurtleClustering.fit`.
    """
    parameters = estimator if with_n_clusters is None else with_n_clusters
    problem = read_problem(parameters, X, processes)
    strategy = strategy_of(parameters, problem.shard.n_samples, len(problem.feature_spaces))
    progress = FitProgress(
        estimator,
        n_steps(strategy),
        problem.predicting_attributes,
        X,
        y,
        silent=processes.rank > 0,
    )
    progress.begin(problem, strategy.search)
    observer, seed = checkpointed(estimator, problem.spaces, progress, checkpoint)
    with interruptible(observer, on_interrupt) as interruption:
        solution = solve_restarts(
            problem.feature_spaces,
            strategy,
            Draws(processes.collect(seed)[0]),
            observer=interruption,
        )
    attributes = problem.fitted_attributes(solution, estimator.calibrate)
    progress.end(attributes)
    replace_fitted(estimator, attributes)
    if processes.rank == 0:
        warn_of_spaces(problem.spaces.names, solution.space_weights, stacklevel=6)
    if interruption.stopped:
        warnings.warn(
            f"Ctrl-C ended the fit after {estimator.n_iter_} of up to {n_steps(strategy)} steps: "
            "the labeling is the one found so far.",
            UserWarning,
            stacklevel=5,  # the caller of fit, which with_torch_defaults and scikit-learn wrap
        )
