"""The inner problem: one linear classifier per space, trained on the labeling."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._processes import Processes
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.step._parameters import Parameters
from sklearn_turtle._solver.step._products import logits, write_gradient
from sklearn_turtle._solver.step._softmax import log_softmax
from sklearn_turtle._solver.step._workspace import Workspace


class Classifiers:
    """Linear classifiers ``w_k``, each trained by Adam on the soft-label cross-entropy.

    Parameters
    ----------
    widths : list of int
        Number of features of each space.
    n_restarts, n_clusters : int
        Number of restarts, R, and of clusters, C.
    steps : int
        Number of inner steps, M.
    lr : float or tensor of shape (R * C,)
        Learning rate of Adam, the inner rate.
    start : {"zero", "cold", "warm"}
        Where the classifiers of an outer step start: at zero, at a fresh random draw, or where the
        last outer step left them (with Adam's state).
    draws : Draws
        Source of the random weights.
    initial_scales : list of float
        The random weights of each space are multiplied by these.
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
        widths: Sequence[int],
        *,
        n_restarts: int,
        n_clusters: int,
        steps: int,
        lr: float | torch.Tensor,
        start: str,
        draws: Draws,
        initial_scales: Sequence[float],
        dtype: torch.dtype,
        workspace: Workspace,
        device: torch.device,
        processes: Processes,
    ) -> None:
        self._widths = widths
        self._n_clusters = n_clusters
        self._n_outputs = n_restarts * n_clusters
        self._steps = steps
        self._start = start
        self._draws = draws
        self._initial_scales = initial_scales
        self._workspace = workspace
        shapes: list[tuple[int, ...]] = []
        for width in widths:
            shapes += [(width, self._n_outputs), (self._n_outputs,)]
        self._parameters = Parameters(
            shapes, lr=lr, dtype=dtype, device=device, processes=processes
        )
        if start == "warm":
            self._draw()

    def fit(self, batches: Sequence[torch.Tensor], labeling: torch.Tensor, n_rows: int) -> None:
        """Train on batches ``z_k`` (B, d_k) and the labeling (B, R, C), which is held fixed.

        ``n_rows`` is the number of rows of the batches of all processes together.
        """
        n_steps = self._steps
        if self._start == "zero":
            self._first_step_from_zero(batches, labeling, n_rows)
            n_steps -= 1
        elif self._start == "cold":
            self._parameters.reset()
            self._draw()
        for _ in range(n_steps):
            for k, z in enumerate(batches):
                residual = self.log_probabilities(k, z)
                # the gradient of the mean cross-entropy in the logits is (softmax - y) / B
                residual.exp_().sub_(labeling).div_(n_rows)
                self._write_gradient(k, z, residual)
            self._parameters.step()

    def log_probabilities(self, k: int, z: torch.Tensor) -> torch.Tensor:
        """Log-probabilities of a batch ``z`` (B, d) in space ``k``, of shape (B, R, C).

        They lie in the workspace and are valid until the next call, or the next ``fit``.
        """
        weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
        of_space = logits(z, weight, bias, self._n_clusters, self._workspace)
        return log_softmax(of_space, out=self.scratch(of_space.shape, of_space.dtype))

    def scratch(self, shape: torch.Size, dtype: torch.dtype) -> torch.Tensor:
        """The memory of :meth:`log_probabilities`, free for others if these are not needed."""
        return self._workspace("log probabilities", shape, dtype)

    def state(self) -> list[torch.Tensor]:
        """The tensors that carry over from one outer step to the next."""
        return self._parameters.state() if self._start == "warm" else []

    def model(self) -> LinearModel:
        """A copy of the classifiers as a LinearModel."""
        tensors = [tensor.clone() for tensor in self._parameters.tensors]
        return LinearModel(tensors[0::2], tensors[1::2], self._n_clusters)

    def _first_step_from_zero(
        self, batches: Sequence[torch.Tensor], labeling: torch.Tensor, n_rows: int
    ) -> None:
        # at zero, all clusters are equally likely in all spaces: the softmax is 1 / C
        residual = torch.div(labeling, -n_rows, out=self.scratch(labeling.shape, labeling.dtype))
        residual += 1 / (self._n_clusters * n_rows)
        for k, z in enumerate(batches):
            self._write_gradient(k, z, residual)
        if self._steps == 1:
            self._parameters.single_step_from_zero()
        else:
            self._parameters.reset()
            self._parameters.step()

    def _write_gradient(self, k: int, z: torch.Tensor, to_logits: torch.Tensor) -> None:
        to_weight, to_bias = self._parameters.gradients[2 * k : 2 * k + 2]
        write_gradient(z, to_logits, to_weight, to_bias, self._workspace)

    def _draw(self) -> None:
        for k, width in enumerate(self._widths):
            weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
            drawn_weight, drawn_bias = self._draws.classifier(k, width, self._n_outputs)
            weight.copy_(drawn_weight).mul_(self._initial_scales[k])
            bias.copy_(drawn_bias).mul_(self._initial_scales[k])
