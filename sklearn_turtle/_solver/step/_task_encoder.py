"""The labeling: one weight-normalized linear layer per space (Section 3 of the paper)."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._processes import Processes
from sklearn_turtle._solver.step._parameters import Parameters
from sklearn_turtle._solver.step._products import logits, write_gradient
from sklearn_turtle._solver.step._softmax import softmax
from sklearn_turtle._solver.step._workspace import Workspace


class TaskEncoder:
    """The labels ``p_k = softmax(V_k z_k + a_k)`` in each space, and their gradients.

    Weight normalization: a column of ``V_k`` is a gain times the unit vector along a direction.

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
        Memory for the results of a step.
    device : torch.device
        Device of the parameters.
    processes : Processes
        The processes that share the rows of a batch.
    """

    def __init__(
        self,
        initial: Sequence[tuple[torch.Tensor, torch.Tensor]],
        *,
        n_clusters: int,
        lr: float | torch.Tensor,
        dtype: torch.dtype,
        workspace: Workspace,
        device: torch.device,
        processes: Processes,
    ) -> None:
        self._n_clusters = n_clusters
        self.workspace = workspace
        shapes = []
        for weight, bias in initial:
            shapes += [weight.shape, bias.shape, bias.shape]
        self._parameters = Parameters(
            shapes, lr=lr, dtype=dtype, device=device, processes=processes
        )
        for k, (weight, bias) in enumerate(initial):
            direction, gain, own_bias = self._of_space(self._parameters.tensors, k)
            direction.copy_(weight)
            gain.copy_(direction.norm(dim=0))
            own_bias.copy_(bias)

    @property
    def n_restarts(self) -> int:
        """Number of restarts, R."""
        return len(self.bias(0)) // self._n_clusters

    def weight(self, k: int) -> torch.Tensor:
        """Effective weight of space ``k``, (d, R * C): the normalization folded in.

        It lies in the workspace and is valid until the next call.
        """
        direction, gain, _ = self._of_space(self._parameters.tensors, k)
        weight = self.workspace("weight", direction.shape, direction.dtype)
        return torch.mul(direction, gain / _norms(direction), out=weight)

    def bias(self, k: int) -> torch.Tensor:
        """Bias of space ``k``, (R * C,)."""
        return self._of_space(self._parameters.tensors, k)[2]

    def probabilities(self, k: int, z: torch.Tensor) -> torch.Tensor:
        """Labels of a batch ``z`` (B, d) in space ``k``, of shape (B, R, C).

        They lie in the workspace and are valid until the next call for the same space.
        """
        of_space = logits(z, self.weight(k), self.bias(k), self._n_clusters, self.workspace)
        probabilities = self.workspace(f"probabilities {k}", of_space.shape, of_space.dtype)
        return softmax(of_space, out=probabilities)

    def write_gradient(self, k: int, z: torch.Tensor, to_logits: torch.Tensor) -> None:
        """Write the gradients of space ``k``, given those of its logits, (B, R, C)."""
        direction, gain, _ = self._of_space(self._parameters.tensors, k)
        to_direction, to_gain, to_bias = self._of_space(self._parameters.gradients, k)
        write_gradient(z, to_logits, to_direction, to_bias, self.workspace)
        # to_direction holds the gradient of the effective weight now. The weight is
        # gain * u with u = direction / |direction|, hence d gain = <d weight, u> and
        # d direction = (d weight - <d weight, u> u) * gain / |direction|.
        inverse_norm = 1 / _norms(direction)
        unit = self.workspace("unit", direction.shape, direction.dtype)
        torch.mul(direction, inverse_norm, out=unit)
        product = self.workspace("weight", direction.shape, direction.dtype)
        torch.sum(torch.mul(to_direction, unit, out=product), 0, out=to_gain)
        to_direction.addcmul_(unit, to_gain, value=-1)
        to_direction *= gain * inverse_norm

    def step(self, decay: float | torch.Tensor) -> None:
        """Take one Adam step along the gradients, with the rate times ``decay``."""
        self._parameters.step(decay)

    def state(self) -> list[torch.Tensor]:
        """The tensors that carry over from step to step."""
        return self._parameters.state()

    @staticmethod
    def _of_space(tensors: list[torch.Tensor], k: int) -> list[torch.Tensor]:
        return tensors[3 * k : 3 * k + 3]


def _norms(direction: torch.Tensor) -> torch.Tensor:
    # a single cluster has a weight of zero once it is centered
    norms: torch.Tensor = direction.norm(dim=0)
    return norms.clamp_min_(torch.finfo(direction.dtype).tiny)
