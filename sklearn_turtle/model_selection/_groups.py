"""Fit and score candidates in groups that are trained side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import joblib
from sklearn.base import clone
from sklearn.utils.parallel import Parallel, delayed

from sklearn_turtle._estimator._fitted import draw_seed, replace_fitted
from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._solver import Draws, solve_strategies
from sklearn_turtle._turtle import TurtleClustering

# Candidates of a group may differ in these parameters only. They share the data, the principal
# axes, the initial weights and the mini-batches.
FREE = {"gamma", "inner_lr", "outer_lr", "polish_iter", "calibrate", "verbose"}


@dataclass(frozen=True)
class FittedGroup:
    """Scores and times of candidates that were trained side by side on one split.

    Attributes
    ----------
    split : int
        Number of the split.
    indices : list of int
        Positions of the candidates.
    scores, fit_times, score_times : list of float
        Score, and seconds of the fit and of the score, of each candidate.
    best : TurtleClustering
        The fitted candidate of the highest score, the first of them if there are several.
    """

    split: int
    indices: list[int]
    scores: list[float]
    fit_times: list[float]
    score_times: list[float]
    best: TurtleClustering


def fit_in_groups(
    candidates: Sequence[TurtleClustering],
    all_params: Sequence[dict[str, Any]],
    splits: Sequence[tuple[Any, Any, Any]],
    scorer: Callable[..., float],
    *,
    n_jobs: int | None,
    verbose: int,
) -> list[FittedGroup]:
    """Fit and score all candidates on all splits.

    Parameters
    ----------
    candidates : sequence of TurtleClustering
        They are left as they are.
    all_params : sequence of dict
        The parameters of each candidate in the grid.
    splits : sequence of tuple
        As :func:`split_rows` returns them.
    scorer : callable
        ``scorer(estimator, X, y)`` returns a score.
    n_jobs, verbose
        As for :class:`TurtleSearch`.
    """
    groups = _groups(candidates)
    fitted: list[FittedGroup] = Parallel(n_jobs)(
        delayed(_fit_group)(
            split,
            indices,
            [candidates[i] for i in indices],
            [all_params[i] for i in indices],
            rows,
            scorer,
            verbose,
        )
        for split, rows in enumerate(splits)
        for indices in groups
    )
    return fitted


def _groups(candidates: Sequence[TurtleClustering]) -> list[list[int]]:
    """Positions of the candidates that can share a fit, one list per group."""
    groups: dict[str, list[int]] = {}
    for index, candidate in enumerate(candidates):
        candidate._validate_params()
        params = candidate.get_params(deep=False)
        if params["n_clusters"] == "auto":
            raise ValueError(
                "n_clusters='auto' does not work in a search: choose the number first, with "
                "sklearn_turtle.select_n_clusters."
            )
        key = joblib.hash({name: params[name] for name in params if name not in FREE})
        groups.setdefault(key, []).append(index)
    return list(groups.values())


@with_torch_defaults
def _fit_group(
    split: int,
    indices: list[int],
    candidates: Sequence[TurtleClustering],
    all_params: Sequence[dict[str, Any]],
    rows: tuple[Any, Any, Any],
    scorer: Callable[..., float],
    verbose: int,
) -> FittedGroup:
    X_train, X_test, y_test = rows
    first = candidates[0]
    scores: list[float] = []
    fit_times, score_times = [], []
    start = perf_counter()
    problem = read_problem(first, X_train)
    solutions = solve_strategies(
        problem.feature_spaces,
        [
            strategy_of(candidate, problem.spaces.n_samples, len(problem.feature_spaces))
            for candidate in candidates
        ],
        Draws(draw_seed(first)),
    )
    for candidate, params, solution in zip(candidates, all_params, solutions, strict=True):
        fitted = clone(candidate)
        replace_fitted(fitted, problem.fitted_attributes(solution, candidate.calibrate))
        fit_times.append(perf_counter() - start)
        start = perf_counter()
        score = scorer(fitted, X_test, y_test)
        score_times.append(perf_counter() - start)
        if verbose:
            print(f"[TurtleSearch] {params}: score {score:.4f}", flush=True)
        if not scores or score > max(scores):
            best = fitted
        scores.append(score)
        start = perf_counter()
    return FittedGroup(split, indices, scores, fit_times, score_times, best)
