"""Where an optimization stands: what it takes to go on from there to the same result."""


class SolveState:
    """The state of a :func:`solve` between two outer steps.

    Parameters
    ----------
    encoder : TaskEncoder
    classifiers : Classifiers
    monitor : LabellingMonitor
    draws : Draws
    losses : tensor of shape (max_iter, R)
        Outer loss of each step taken.

    Attributes
    ----------
    n_steps : int
        Number of outer steps taken.
    ended : bool
        Whether no further step is to be taken.
    stopped : bool
        Whether the observer ended the optimization.
    """

    def __init__(self, encoder, classifiers, monitor, draws, losses):
        self._encoder = encoder
        self._classifiers = classifiers
        self._monitor = monitor
        self._draws = draws
        self._losses = losses
        self.n_steps = 0
        self.ended = False
        self.stopped = False

    def state_dict(self):
        """A copy of the state.

        Returns
        -------
        dict
            ``n_steps`` and ``ended``; ``rows``, the state of the generator of mini-batches, of
            whole numbers and strings; and ``tensors``, a dict of tensors.
        """
        weights, rows = self._draws.state()
        tensors = {name: tensor.clone() for name, tensor in self._parameters().items()}
        tensors |= {"losses": self._losses[: self.n_steps].clone(), "weights": weights}
        if self._monitor.labels is not None:
            tensors["labels"] = self._monitor.labels.clone()
        return {"n_steps": self.n_steps, "ended": self.ended, "rows": rows, "tensors": tensors}

    def load_state_dict(self, state):
        """Go to a state that :meth:`state_dict` gave in the same optimization."""
        tensors = state["tensors"]
        for name, tensor in self._parameters().items():
            tensor.copy_(tensors[name])
        self.n_steps, self.ended = state["n_steps"], state["ended"]
        self._losses[: self.n_steps] = tensors["losses"]
        if "labels" in tensors:
            self._monitor.labels = tensors["labels"].to(self._losses.device)
        # mini-batches may have been drawn ahead: where steps are left, those of the steps taken
        # are drawn again instead
        self._draws.restore(tensors["weights"], state["rows"] if self.ended else None)

    def _parameters(self):
        return {
            f"{name}.{i}": tensor
            for name, part in (("encoder", self._encoder), ("classifiers", self._classifiers))
            for i, tensor in enumerate(part.state())
        }
