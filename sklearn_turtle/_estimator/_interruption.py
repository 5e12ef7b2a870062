"""What Ctrl-C does to a fit."""

import signal
import threading
from contextlib import contextmanager

from sklearn_turtle._solver import ForwardingObserver


def check_on_interrupt(on_interrupt):
    """Raise ValueError if that cannot be done on Ctrl-C."""
    if on_interrupt not in ("raise", "stop"):
        raise ValueError(f"on_interrupt={on_interrupt!r} must be 'raise' or 'stop'.")
    # no other thread gets to know of Ctrl-C
    if on_interrupt == "stop" and threading.current_thread() is not threading.main_thread():
        raise ValueError("on_interrupt='stop' needs the main thread: pass on_interrupt='raise'.")


class InterruptionObserver(ForwardingObserver):
    """Ends the optimization after the step in which Ctrl-C came.

    Attributes
    ----------
    interrupted : bool
        Whether Ctrl-C came.
    stopped : bool
        Whether that has ended the optimization.
    """

    interrupted = False
    stopped = False

    def end_step(self, step, losses, model):
        of_other = super().end_step(step, losses, model)
        self.stopped = self.interrupted
        return of_other or self.interrupted


@contextmanager
def interruptible(observer, on_interrupt):
    """What Ctrl-C does to an optimization.

    Parameters
    ----------
    observer : Observer
        Told of the optimization.
    on_interrupt : {"raise", "stop"}
        With "stop", the first Ctrl-C ends the optimization after its step; any further one does
        what it did before.

    Yields
    ------
    InterruptionObserver
        To be told of the optimization.
    """
    observer = InterruptionObserver(observer)
    if on_interrupt == "raise":
        yield observer
        return

    def end(signal_number, frame):
        observer.interrupted = True
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, end)
    try:
        yield observer
    finally:
        signal.signal(signal.SIGINT, previous)
