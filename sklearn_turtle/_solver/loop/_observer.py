"""Observers of an optimization."""

from collections.abc import Callable

import torch

from sklearn_turtle._solver.loop._state import SolveState
from sklearn_turtle._solver.step._linear_model import LinearModel


class Observer:
    """Receives the progress of :func:`solve`; this class ignores it."""

    def begin_solve(self, state: SolveState) -> None:
        """Called before the first step, with a state that the observer may advance."""

    def end_solve(self) -> None:
        """Called after the last step."""

    def begin_step(self) -> None:
        """Called before each outer step."""

    def end_step(
        self, step: int, losses: torch.Tensor, model: Callable[[], LinearModel]
    ) -> bool | None:
        """Called after each outer step.

        Parameters
        ----------
        step : int
            Number of the step, from 0.
        losses : tensor of shape (R,)
            Loss of each restart.
        model : callable
            Returns the current LinearModel.

        Returns
        -------
        bool or None
            True ends the optimization.
        """
        return False


class ForwardingObserver(Observer):
    """Passes everything on to another observer.

    Parameters
    ----------
    observer : Observer or None
        The other observer; None for one that ignores everything.
    """

    def __init__(self, observer: Observer | None) -> None:
        self._observer = Observer() if observer is None else observer

    def begin_solve(self, state: SolveState) -> None:
        self._observer.begin_solve(state)

    def end_solve(self) -> None:
        self._observer.end_solve()

    def begin_step(self) -> None:
        self._observer.begin_step()

    def end_step(
        self, step: int, losses: torch.Tensor, model: Callable[[], LinearModel]
    ) -> bool | None:
        return self._observer.end_step(step, losses, model)
