"""Run a fit, in one process or several."""

import warnings

from sklearn_turtle._estimator._checkpoints import checkpointed
from sklearn_turtle._estimator._fitted import replace_fitted
from sklearn_turtle._estimator._interruption import interruptible
from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator._progress import FitProgress
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._solver import ALONE, Draws, n_steps, solve_restarts


def run_fit(
    estimator,
    X,
    y=None,
    *,
    numbered=None,
    processes=ALONE,
    checkpoint=None,
    checkpoint_every=None,
    on_interrupt="raise",
    stacklevel=3,
):
    """Fit an estimator.

    Parameters
    ----------
    estimator : TurtleClustering
        The estimator to fit. Its parameters are valid.
    X, y : object
        As passed by the user. With several processes, each passes its own rows.
    numbered : TurtleClustering or None
        The same estimator with a number of clusters in place of "auto"; None for itself.
    processes : Processes
        The processes that share the fit.
    checkpoint, checkpoint_every, on_interrupt
        As for :meth:`TurtleClustering.fit`.
    stacklevel : int
        As for ``warnings.warn``, counted from the caller of this function.
    """
    numbered = estimator if numbered is None else numbered
    problem = read_problem(numbered, X, processes)
    strategy = strategy_of(numbered, problem.shard.n_samples)
    progress = FitProgress(
        estimator,
        n_steps(strategy),
        problem.predicting_attributes,
        X,
        y,
        silent=processes.rank > 0,
    )
    progress.begin(problem, strategy.search)
    observer, seed = checkpointed(estimator, problem.spaces, progress, checkpoint, checkpoint_every)
    with interruptible(observer, on_interrupt) as observer:
        solution = solve_restarts(
            problem.feature_spaces,
            strategy,
            Draws(processes.collect(seed)[0]),
            observer=observer,
        )
    attributes = problem.fitted_attributes(solution, estimator.calibrate)
    progress.end(attributes)
    replace_fitted(estimator, attributes)
    if observer.stopped:
        warnings.warn(
            f"Ctrl-C ended the fit after {estimator.n_iter_} of up to {n_steps(strategy)} steps: "
            "the labeling is the one found so far.",
            UserWarning,
            stacklevel=stacklevel + 1,
        )
