"""Report the progress of a fit: ``verbose`` and scikit-learn's callbacks."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import torch

from sklearn_turtle._estimator._problem import Problem
from sklearn_turtle._solver import LinearModel, Observer, Settings, SolveState


class Progress:
    """Prints progress if the parameter ``verbose`` of an estimator is set.

    Parameters
    ----------
    estimator : estimator
        Has the parameter ``verbose``.
    silent : bool, default=False
        True to print nothing: one of several processes prints for all.
    """

    def __init__(self, estimator: Any, *, silent: bool = False) -> None:
        self._estimator = estimator
        self._verbose = 0 if silent else int(estimator.verbose)
        self._start = perf_counter()

    def say(self, message: str) -> None:
        """Print a message, if ``verbose`` is set."""
        if self._verbose:
            elapsed = perf_counter() - self._start
            print(f"[{type(self._estimator).__name__}] {elapsed:6.1f} s: {message}", flush=True)

    def every(self, n_steps: int) -> int:
        """Number of steps per line: 1, or enough that there are about ten lines."""
        return 1 if self._verbose > 1 else max(1, n_steps // 10)


class FitProgress(Progress, Observer):
    """Prints progress and calls the callbacks that are set on an estimator.

    Parameters
    ----------
    estimator : estimator
        The estimator that is fitted.
    n_steps : int
        Largest number of outer steps of the fit.
    fitted_attributes : callable or None
        Makes the attributes that a predicting estimator needs from a LinearModel.
    X, y : array-like
        The arguments of ``fit``, for the callbacks.
    silent : bool, default=False
        As for :class:`Progress`.
    """

    def __init__(
        self,
        estimator: Any,
        n_steps: int,
        fitted_attributes: Callable[[LinearModel], dict[str, Any]] | None,
        X: Any,
        y: Any,
        *,
        silent: bool = False,
    ) -> None:
        super().__init__(estimator, silent=silent)
        self._n_steps = n_steps
        self._fitted_attributes = fitted_attributes
        self._data = {"X": X, "y": y}
        self._print_every = self.every(n_steps)
        self._done = 0
        self._root: Any = None  # a CallbackContext
        if hasattr(estimator, "_init_callback_context"):
            self._root = estimator._init_callback_context(max_subtasks=n_steps)
            self._root.call_on_fit_task_begin(estimator=estimator, **self._data)
        # a context per step takes longer than a step of a small fit: make none without callbacks
        self._has_callbacks = self._root is not None and hasattr(estimator, "_skl_callbacks")

    def begin(self, problem: Problem, search: Settings) -> None:
        """Report the problem and the settings of the search before the fit."""
        self.say(
            f"{problem.shard.n_samples} samples in {len(problem.spaces.names)} space(s) of "
            f"{problem.spaces.widths} features, {search.n_clusters} clusters; "
            f"{search.n_restarts} restart(s) on {problem.device}"
        )
        for name, space in zip(problem.spaces.names, problem.feature_spaces, strict=True):
            if space.streamed:
                self.say(f"space {name!r} is streamed: rows are read when they are drawn")

    def begin_solve(self, state: SolveState) -> None:
        self._done += state.n_steps  # of an earlier, interrupted fit

    def begin_step(self) -> None:
        if self._has_callbacks:
            self._step = self._root.subcontext(task_name="outer step")
            self._step.call_on_fit_task_begin(estimator=self._estimator, **self._data)

    def end_step(
        self, step: int, losses: torch.Tensor, model: Callable[[], LinearModel]
    ) -> bool | None:
        self._done += 1
        if self._verbose and (self._done % self._print_every == 0 or self._done == self._n_steps):
            self.say(f"step {self._done}/{self._n_steps}, loss {losses.mean().item():.4f}")
        if not self._has_callbacks:
            return False

        def attributes() -> dict[str, Any]:
            # callbacks see the restart with the lowest loss at this step
            assert self._fitted_attributes is not None
            return self._fitted_attributes(model().restart(int(losses.argmin())))

        stop: bool | None = self._step.call_on_fit_task_end(
            estimator=self._estimator, reconstruction_attributes=attributes, **self._data
        )
        return stop

    def end(self, attributes: dict[str, Any]) -> None:
        """Report the fitted attributes after the fit."""
        if self._root is not None:
            self._root.call_on_fit_task_end(
                estimator=self._estimator, reconstruction_attributes=attributes, **self._data
            )
