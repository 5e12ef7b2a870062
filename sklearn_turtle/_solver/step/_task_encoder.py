"""The labeling: one weight-normalized linear layer a space (Section 3 of the paper)."""

import torch

from sklearn_turtle._solver.step._parameters import Parameters
from sklearn_turtle._solver.step._products import logits, write_gradient
from sklearn_turtle._solver.step._softmax import softmax


class TaskEncoder:
    """The labels ``p_k = softmax(V_k z_k + a_k)`` in each space, and their gradients.

    Weight normalization: a column of ``V_k`` is a gain times the unit vector along a
    direction.

    Parameters
    ----------
    initial : list of (tensor of shape (d, R * C), tensor of shape (R * C,))
        Initial weight and bias of each space.
    n_clusters : int
        Number of clusters, C.
    lr : float or tensor of shape (R * C,)
        Learning rate of Adam, the outer rate.
    dtype : torch.dtype
        Dtype of the parameters.
    workspace : Workspace
        Memory for what a step computes.
    device : torch.device
        Device of the parameters.
    processes : Processes
        The processes that each hold some rows of a batch.
    """

    def __init__(self, initial, *, n_clusters, lr, dtype, workspace, device, processes):
        self._n_clusters = n_clusters
        self.workspace = workspace
        shapes = []
        for weight, bias in initial:
            shapes += [weight.shape, bias.shape, bias.shape]
        self._parameters = Parameters(
            shapes, lr=lr, dtype=dtype, device=device, processes=processes
        )
        self._norms = [torch.empty(0)] * len(initial)
        for k, (weight, bias) in enumerate(initial):
            direction, gain, own_bias = self._of_space(self._parameters.tensors, k)
            direction.copy_(weight)
            gain.copy_(direction.norm(dim=0))
            own_bias.copy_(bias)

    @property
    def n_restarts(self):
        """Number of restarts, R."""
        return len(self.bias(0)) // self._n_clusters

    def weight(self, k):
        """Effective weight of space ``k``, (d, R * C): the normalization folded in.

        It lies in the workspace, and holds until the next call.
        """
        direction, gain, _ = self._of_space(self._parameters.tensors, k)
        # a single cluster has a weight of zero once it is centered
        tiny = torch.finfo(direction.dtype).tiny
        self._norms[k] = direction.norm(dim=0).clamp_min_(tiny)
        weight = self.workspace("weight", direction.shape, direction.dtype)
        return torch.mul(direction, gain / self._norms[k], out=weight)

    def bias(self, k):
        """Bias of space ``k``, (R * C,)."""
        return self._of_space(self._parameters.tensors, k)[2]

    def probabilities(self, k, z):
        """Labels of a batch ``z`` (B, d) in space ``k``, a tensor of shape (B, R, C).

        They lie in the workspace, and hold until the next call for the same space.
        """
        of_space = logits(z, self.weight(k), self.bias(k), self._n_clusters, self.workspace)
        probabilities = self.workspace(f"probabilities {k}", of_space.shape, of_space.dtype)
        return softmax(of_space, out=probabilities)

    def write_gradient(self, k, z, to_logits):
        """Write the gradients of space ``k``, given those of its logits, (B, R, C).

        To be called after :meth:`probabilities`, of which it uses the norms.
        """
        direction, gain, _ = self._of_space(self._parameters.tensors, k)
        to_direction, to_gain, to_bias = self._of_space(self._parameters.gradients, k)
        write_gradient(z, to_logits, to_direction, to_bias, self.workspace)
        # to_direction holds the gradient of the effective weight now. The weight is
        # gain * u with u = direction / |direction|, hence d gain = <d weight, u> and
        # d direction = (d weight - <d weight, u> u) * gain / |direction|.
        inverse_norm = 1 / self._norms[k]
        unit = self.workspace("unit", direction.shape, direction.dtype)
        torch.mul(direction, inverse_norm, out=unit)
        product = self.workspace("weight", direction.shape, direction.dtype)
        torch.sum(torch.mul(to_direction, unit, out=product), 0, out=to_gain)
        to_direction.addcmul_(unit, to_gain, value=-1)
        to_direction *= gain * inverse_norm

    def step(self, decay):
        """Take one Adam step along the gradients, with the rate times ``decay``."""
        self._parameters.step(decay)

    def state(self):
        """The tensors that hold all that lasts from step to step."""
        return self._parameters.state()

    @staticmethod
    def _of_space(tensors, k):
        return tensors[3 * k : 3 * k + 3]
