"""What an optimization reports while it runs."""


class Observer:
    """What :func:`solve` tells of its progress; this one takes no notice."""

    def begin_solve(self, state):
        """Called before the first step with a SolveState, which it may put forward."""

    def end_solve(self):
        """Called after the last step."""

    def begin_step(self):
        """Called before each outer step."""

    def end_step(self, step, losses, model):
        """Called after outer step ``step``, counted from 0.

        ``losses`` is the tensor of the losses of the restarts, (R,), and ``model`` a callable
        that gives the current LinearModel. The optimization ends where it returns True.
        """
        return False


class ForwardingObserver(Observer):
    """Tells another observer of everything."""

    def __init__(self, observer):
        self._observer = Observer() if observer is None else observer

    def begin_solve(self, state):
        self._observer.begin_solve(state)

    def end_solve(self):
        self._observer.end_solve()

    def begin_step(self):
        self._observer.begin_step()

    def end_step(self, step, losses, model):
        return self._observer.end_step(step, losses, model)
