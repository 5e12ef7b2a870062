"""Stop a fit with Ctrl-C."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import torch

from sklearn_turtle._solver import ForwardingObserver, LinearModel, Observer


def check_on_interrupt(on_interrupt: str) -> None:
    """Raise ValueError if ``on_interrupt`` is invalid, or impossible in this thread."""
    if on_interrupt not in ("raise", "stop"):
        raise ValueError(f"on_interrupt={on_interrupt!r} must be 'raise' or 'stop'.")
    # Python delivers signals to the main thread only
    if on_interrupt == "stop" and threading.current_thread() is not threading.main_thread():
        raise ValueError("on_interrupt='stop' needs the main thread: pass on_interrupt='raise'.")


class InterruptionObserver(ForwardingObserver):
    """Ends the optimization after the step during which Ctrl-C was pressed.

    Attributes
    ----------
    interrupted : bool
        True once Ctrl-C was pressed.
    stopped : bool
        True once that has ended the optimization.
    """

    interrupted = False
    stopped = False

    def end_step(
        self, step: int, losses: torch.Tensor, model: Callable[[], LinearModel]
    ) -> bool | None:
        stop = super().end_step(step, losses, model)
        self.stopped = self.interrupted
        return stop or self.interrupted


@contextmanager
def interruptible(observer: Observer, on_interrupt: str) -> Iterator[InterruptionObserver]:
    """Set the effect of Ctrl-C during an optimization.

    Parameters
    ----------
    observer : Observer
        Receives the progress of the optimization.
    on_interrupt : {"raise", "stop"}
        With "stop", the first Ctrl-C ends the optimization after the current step. Any further one
        has the effect that it had before.

    Yields
    ------
    InterruptionObserver
        The observer to pass to the optimization.
    """
    interruption = InterruptionObserver(observer)
    if on_interrupt == "raise":
        yield interruption
        return

    def end(signal_number: int, frame: FrameType | None) -> None:
        interruption.interrupted = True
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, end)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, previous)
