"""Telling the user how a fit goes: ``verbose`` and scikit-learn's callbacks."""

from time import perf_counter
from typing import Any

from sklearn_turtle._solver import Observer

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # scikit-learn < 1.9

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in where scikit-learn has no callbacks."""


class Progress:
    """Prints progress where the parameter ``verbose`` of an estimator asks for it.

    Where ``silent``, it never does: of several processes, one tells for all.
    """

    def __init__(self, estimator, *, silent=False):
        self._estimator = estimator
        self._verbose = 0 if silent else int(estimator.verbose)
        self._start = perf_counter()

    def say(self, message):
        """Print a message where ``verbose`` asks for it."""
        if self._verbose:
            elapsed = perf_counter() - self._start
            print(f"[{type(self._estimator).__name__}] {elapsed:6.1f} s: {message}", flush=True)

    def every(self, n_steps):
        """After how many steps to print a line: each, or so that there are about ten."""
        return 1 if self._verbose > 1 else max(1, n_steps // 10)


class FitProgress(Progress, Observer):
    """Prints progress and calls the callbacks that are set on an estimator.

    Parameters
    ----------
    estimator : estimator
        The estimator that is fitted.
    n_steps : int
        Number of outer steps that the fit takes at most.
    fitted_attributes : callable
        Makes, of a LinearModel, the attributes that a predicting estimator needs.
    X, y : array-like
        What ``fit`` was called with, for the callbacks.
    silent : bool, default=False
        As for :class:`Progress`.
    """

    def __init__(self, estimator, n_steps, fitted_attributes, X, y, *, silent=False):
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
        # a context a step costs more than the step of a small fit: none where nobody listens
        self._listened_to = self._root is not None and hasattr(estimator, "_skl_callbacks")

    def begin(self, problem, search):
        """Called before the fit with what is to be clustered and the Settings of the search."""
        self.say(
            f"{problem.shard.n_samples} samples in {len(problem.spaces.names)} space(s) of "
            f"{problem.spaces.widths} features, {search.n_clusters} clusters; "
            f"{search.n_restarts} restart(s) on {problem.device}"
        )
        for name, space in zip(problem.spaces.names, problem.feature_spaces, strict=True):
            if space.streamed:
                self.say(f"space {name!r} is streamed: rows are read as they are drawn")

    def begin_solve(self, state):
        self._done += state.n_steps  # which an earlier, interrupted fit took

    def begin_step(self):
        if self._listened_to:
            self._step = self._root.subcontext(task_name="outer step")
            self._step.call_on_fit_task_begin(estimator=self._estimator, **self._data)

    def end_step(self, step, losses, model):
        self._done += 1
        if self._verbose and (self._done % self._print_every == 0 or self._done == self._n_steps):
            self.say(f"step {self._done}/{self._n_steps}, loss {losses.mean().item():.4f}")
        if not self._listened_to:
            return False
        return self._step.call_on_fit_task_end(
            estimator=self._estimator,
            # of several restarts, callbacks see the one that is best at this step
            reconstruction_attributes=lambda: self._fitted_attributes(
                model().restart(int(losses.argmin()))
            ),
            **self._data,
        )

    def end(self, attributes):
        """Called after the fit with its fitted attributes."""
        if self._root is not None:
            self._root.call_on_fit_task_end(
                estimator=self._estimator, reconstruction_attributes=attributes, **self._data
            )
