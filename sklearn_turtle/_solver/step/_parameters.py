"""Parameters that one Adam updates together."""

import math
from collections.abc import Sequence
from typing import Any

import torch

# the function, not torch.optim.Adam: making an Optimizer imports torch's compiler, which takes
# longer than a small fit
from torch.optim.adam import adam

from sklearn_turtle._solver.rows._processes import ALONE, Processes

BETA_1, BETA_2 = 0.9, 0.999
EPS = 1e-8


class Parameters:
    """Tensors of given shapes as views of one vector, which one Adam updates in place.

    Adam is coordinate-wise, so that one update of the vector updates every tensor in it.

    Parameters
    ----------
    shapes : list of tuple of int
        Shapes of the tensors.
    lr : float or tensor of shape (n_outputs,)
        Learning rate, or that of each output. Outputs are the last dimension of every shape.
    dtype : torch.dtype
        Dtype of the tensors.
    device : torch.device
        Device of the tensors.
    processes : Processes
        The processes over which gradients are summed.

    Attributes
    ----------
    tensors : list of tensors
        The parameters, views of one vector.
    gradients : list of tensors
        Write the gradients here before :meth:`step`.
    """

    tensors: list[torch.Tensor]
    gradients: list[torch.Tensor]

    def __init__(
        self,
        shapes: Sequence[tuple[int, ...] | torch.Size],
        *,
        lr: float | torch.Tensor,
        dtype: torch.dtype,
        device: torch.device | str,
        processes: Processes = ALONE,
    ) -> None:
        sizes = [math.prod(shape) for shape in shapes]
        self._vector = torch.zeros(sum(sizes), dtype=dtype, device=device)
        self._gradient, *self._moments = (torch.zeros_like(self._vector) for _ in range(3))
        self._n_steps = torch.zeros((), dtype=torch.float32, device=device)
        self._shapes = shapes
        self._sizes = sizes
        self._view_parts()
        # Adam's step is proportional to its rate: if rates differ, every step is taken with the
        # largest one, and each output keeps a share of it.
        self._share: torch.Tensor | None = None
        if isinstance(lr, torch.Tensor):
            self._share = (lr / lr.max()).to(device=device, dtype=dtype)
            lr = lr.max().item()
        self._lr: float = lr
        self._processes = processes

    def _view_parts(self) -> None:
        self.tensors, self.gradients = (
            [
                part.view(shape)
                for part, shape in zip(flat.split(self._sizes), self._shapes, strict=True)
            ]
            for flat in (self._vector, self._gradient)
        )

    def __getstate__(self) -> dict[str, Any]:
        # a pickle would turn each view into a tensor of its own
        return {k: v for k, v in vars(self).items() if k not in ("tensors", "gradients")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._view_parts()

    def step(self, decay: float | torch.Tensor = 1.0) -> None:
        """Take one Adam step along the gradients, with the rate times ``decay``.

        ``decay`` is a number, or a tensor of shape () on the device.
        """
        self._processes.sum_(self._gradient)
        if self._share is None:
            self._adam_step(self._lr * decay)
            return
        before = self._vector.clone().split(self._sizes)
        self._adam_step(self._lr * decay)
        for old, new in zip(before, self.tensors, strict=True):
            torch.lerp(old.view_as(new), new, self._share, out=new)

    def single_step_from_zero(self) -> None:
        """Take the first Adam step from parameters of zero, and keep no state.

        With their bias corrected, the moments of the first gradient g are g and g ** 2, so that the
        step is ``-lr * g / (|g| + eps)``.
        """
        self._processes.sum_(self._gradient)
        torch.abs(self._gradient, out=self._vector)
        self._vector += EPS
        torch.div(self._gradient, self._vector, out=self._vector)
        self._vector *= -self._lr
        if self._share is not None:
            for tensor in self.tensors:
                tensor *= self._share

    def reset(self) -> None:
        """Set all parameters and Adam's state to zero."""
        for state in (self._vector, *self._moments, self._n_steps):
            state.zero_()

    def state(self) -> list[torch.Tensor]:
        """The tensors that hold the parameters and Adam's state."""
        return [self._vector, *self._moments, self._n_steps]

    def _adam_step(self, lr: float | torch.Tensor) -> None:
        first, second = self._moments
        adam(
            [self._vector],
            [self._gradient],
            [first],
            [second],
            [],
            [self._n_steps],
            fused=True,
            amsgrad=False,
            beta1=BETA_1,
            beta2=BETA_2,
            lr=lr,
            weight_decay=0.0,
            eps=EPS,
            maximize=False,
        )
