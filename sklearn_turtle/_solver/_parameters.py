"""Parameters that Adam updates all at once."""

import math

import torch

EPS = 1e-8


class Parameters:
    """Tensors of given shapes as views of one vector, updated in place by one Adam.

    Adam is coordinate-wise, so that one update of the whole vector is the update of every
    tensor in it.

    Parameters
    ----------
    shapes : list of tuple of int
        Shapes of the tensors.
    lr : float
        Learning rate.
    dtype : torch.dtype
        Dtype of the tensors.
    device : torch.device
        Device of the tensors.

    Attributes
    ----------
    tensors : list of tensors
        The parameters, views of one vector.
    gradients : list of tensors
        Where to write their gradients before :meth:`step`.
    """

    def __init__(self, shapes, *, lr, dtype, device):
        sizes = [math.prod(shape) for shape in shapes]
        self._vector = torch.zeros(sum(sizes), dtype=dtype, device=device)
        self._gradient = self._vector.grad = torch.zeros_like(self._vector)
        self.tensors, self.gradients = (
            [part.view(shape) for part, shape in zip(flat.split(sizes), shapes, strict=True)]
            for flat in (self._vector, self._gradient)
        )
        self._adam = torch.optim.Adam(
            [self._vector], lr=lr, betas=(0.9, 0.999), eps=EPS, fused=True
        )

    def step(self, lr=None):
        """Take one Adam step along the gradients, with rate ``lr`` where it is given."""
        if lr is not None:
            self._adam.param_groups[0]["lr"] = lr
        self._adam.step()

    def only_step_from_zero(self):
        """Take the first Adam step from parameters of zero, leaving no state behind.

        Corrected for their bias, the moments of the first gradient g are g and g ** 2, so that
        the step is ``-lr * g / (|g| + eps)``.
        """
        torch.abs(self._gradient, out=self._vector)
        self._vector += EPS
        torch.div(self._gradient, self._vector, out=self._vector)
        self._vector *= -self._adam.param_groups[0]["lr"]

    def reset(self):
        """Set all parameters to zero and forget Adam's state."""
        self._vector.zero_()
        for state in self._adam.state.values():
            for tensor in state.values():
                tensor.zero_()
