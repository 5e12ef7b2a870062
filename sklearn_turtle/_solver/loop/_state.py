"""The state of an optimization, from which it continues to the same result."""

from typing import Any

import torch

from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._task_encoder import TaskEncoder


class SolveState:
    """The state of a :func:`solve` between two outer steps.

    Parameters
    ----------
    encoder : TaskEncoder
        The labeling.
    classifiers : Classifiers
        The classifiers.
    draws : Draws
        Source of the initial weights and of the mini-batches.
    losses : tensor of shape (max_iter, R)
        Outer loss of each step taken.

    Attributes
    ----------
    n_steps : int
        Number of outer steps taken.
    ended : bool
        True after the last step.
    stopped : bool
        True if the observer ended the optimization.
    """

    def __init__(
        self, encoder: TaskEncoder, classifiers: Classifiers, draws: Draws, losses: torch.Tensor
    ) -> None:
        self._encoder = encoder
        self._classifiers = classifiers
        self._draws = draws
        self._losses = losses
        self.n_steps = 0
        self.ended = False
        self.stopped = False

    def state_dict(self) -> dict[str, Any]:
        """A copy of the state.

        Returns
        -------
        dict
            ``n_steps`` and ``ended``; ``rows``, the state of the generator of mini-batches, made of
            integers and strings; and ``tensors``, a dict of tensors.
        """
        weights, rows = self._draws.state()
        tensors = {name: tensor.clone() for name, tensor in self._parameters().items()}
        tensors |= {"losses": self._losses[: self.n_steps].clone(), "weights": weights}
        return {"n_steps": self.n_steps, "ended": self.ended, "rows": rows, "tensors": tensors}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a state that :meth:`state_dict` returned in the same optimization."""
        tensors = state["tensors"]
        for name, tensor in self._parameters().items():
            tensor.copy_(tensors[name])
        self.n_steps, self.ended = state["n_steps"], state["ended"]
        self._losses[: self.n_steps] = tensors["losses"]
        # Mini-batches may have been drawn ahead. If steps are left, the mini-batches of the steps
        # taken are drawn again, instead of restoring their generator.
        self._draws.restore(tensors["weights"], state["rows"] if self.ended else None)

    def _parameters(self) -> dict[str, torch.Tensor]:
        parts = {"encoder": self._encoder.state(), "classifiers": self._classifiers.state()}
        return {
            f"{name}.{i}": tensor for name, part in parts.items() for i, tensor in enumerate(part)
        }
