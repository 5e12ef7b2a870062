"""The labelling: one weight-normalised linear layer a space (Section 3 of the paper)."""

import torch

from sklearn_turtle._solver._parameters import Parameters
from sklearn_turtle._solver._products import logits, write_gradient


class TaskEncoder:
    """The labels ``p_k = softmax(V_k z_k + a_k)`` in each space, and their gradients.

    Weight normalisation: a column of ``V_k`` is a gain times the unit vector along a
    direction.

    Parameters
    ----------
    initial : list of (tensor of shape (d, R * C), tensor of shape (R * C,))
        Initial weight and bias of each space.
    n_clusters : int
        Number of clusters, C.
    lr : float
        Learning rate of Adam, the outer rate.
    dtype : torch.dtype
        Dtype of the parameters.
    device : torch.device
        Device of the parameters.
    """

    def __init__(self, initial, *, n_clusters, lr, dtype, device):
        self._n_clusters = n_clusters
        shapes = []
        for weight, bias in initial:
            shapes += [weight.shape, bias.shape, bias.shape]
        self._parameters = Parameters(shapes, lr=lr, dtype=dtype, device=device)
        self._norms = [torch.empty(0)] * len(initial)
        for k, (weight, bias) in enumerate(initial):
            direction, gain, own_bias = self._of_space(self._parameters.tensors, k)
            direction.copy_(weight)
            gain.copy_(direction.norm(dim=0))
            own_bias.copy_(bias)

    def weight(self, k):
        """Effective weight of space ``k``, (d, R * C): the normalisation folded in."""
        direction, gain, _ = self._of_space(self._parameters.tensors, k)
        # a single cluster has a weight of zero once it is centred
        tiny = torch.finfo(direction.dtype).tiny
        self._norms[k] = direction.norm(dim=0).clamp_min_(tiny)
        return direction * (gain / self._norms[k])

    def bias(self, k):
        """Bias of space ``k``, (R * C,)."""
        return self._of_space(self._parameters.tensors, k)[2]

    def probabilities(self, k, z):
        """Labels of a batch ``z`` (B, d) in space ``k``, a tensor of shape (B, R, C)."""
        bias = self.bias(k)
        return logits(z, self.weight(k), bias, self._n_clusters).softmax(-1, dtype=bias.dtype)

    def write_gradient(self, k, z, to_logits):
        """Write the gradients of space ``k``, given those of its logits, (B, R, C).

        To be called after :meth:`probabilities`, of which it uses the norms.
        """
        direction, gain, _ = self._of_space(self._parameters.tensors, k)
        to_direction, to_gain, to_bias = self._of_space(self._parameters.gradients, k)
        write_gradient(z, to_logits, to_direction, to_bias)
        # to_direction holds the gradient of the effective weight now. The weight is
        # gain * u with u = direction / |direction|, hence d gain = <d weight, u> and
        # d direction = (d weight - <d weight, u> u) * gain / |direction|.
        inverse_norm = 1 / self._norms[k]
        unit = direction * inverse_norm
        to_gain.copy_(torch.linalg.vecdot(to_direction, unit, dim=0))
        to_direction.addcmul_(unit, to_gain, value=-1)
        to_direction *= gain * inverse_norm

    def step(self, lr):
        """Take one Adam step along the gradients with rate ``lr``."""
        self._parameters.step(lr)

    @staticmethod
    def _of_space(tensors, k):
        return tensors[3 * k : 3 * k + 3]
