"""The inner problem: a linear classifier a space, trained on the labeling."""

import torch

from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.step._parameters import Parameters
from sklearn_turtle._solver.step._products import logits, write_gradient
from sklearn_turtle._solver.step._softmax import log_softmax


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
        Where the classifiers of an outer step start: at zero, at a fresh random draw, or
        where the last outer step left them (with Adam's state).
    draws : Draws
        Source of the random weights.
    initial_scales : list of float
        What the random weights of each space are multiplied with.
    dtype : torch.dtype
        Dtype of the parameters.
    workspace : Workspace
        Memory for what a step computes.
    device : torch.device
        Device of the parameters.
    processes : Processes
        The processes that each hold some rows of a batch.
    """

    def __init__(
        self,
        widths,
        *,
        n_restarts,
        n_clusters,
        steps,
        lr,
        start,
        draws,
        initial_scales,
        dtype,
        workspace,
        device,
        processes,
    ):
        self._widths = widths
        self._n_clusters = n_clusters
        self._n_outputs = n_restarts * n_clusters
        self._steps = steps
        self._start = start
        self._draws = draws
        self._initial_scales = initial_scales
        self._workspace = workspace
        self._processes = processes
        shapes = []
        for width in widths:
            shapes += [(width, self._n_outputs), (self._n_outputs,)]
        self._parameters = Parameters(
            shapes, lr=lr, dtype=dtype, device=device, processes=processes
        )
        if start == "warm":
            self._draw()

    def fit(self, batches, labeling, n_rows, trace=None):
        """Train on batches ``z_k`` (B, d_k) and the labeling (B, R, C), which is held fixed.

        ``n_rows`` is the number of rows of the batches of all processes together. Where ``trace``
        is a list, the cross-entropy before each inner step, summed over the spaces, is appended to
        it, a tensor of shape (R,) a step.
        """
        steps = range(self._steps)
        if self._start == "zero":
            self._first_step_from_zero(batches, labeling, n_rows)
            steps = steps[1:]
        elif self._start == "cold":
            self._parameters.reset()
            self._draw()
        for _ in steps:
            losses = []
            for k, z in enumerate(batches):
                residual = self.log_probabilities(k, z)
                if trace is not None:
                    losses.append(cross_entropy(residual, labeling, n_rows))
                # the gradient of the mean cross-entropy in the logits is (softmax - y) / B
                residual.exp_().sub_(labeling).div_(n_rows)
                self._write_gradient(k, z, residual)
            self._parameters.step()
            if trace is not None:
                trace.append(self._processes.sum_(torch.stack(losses).sum(0)))

    def log_probabilities(self, k, z):
        """Log-probabilities of a batch ``z`` (B, d) in space ``k``, of shape (B, R, C).

        They lie in the workspace, and hold until the next call.
        """
        weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
        of_space = logits(z, weight, bias, self._n_clusters, self._workspace)
        return log_softmax(of_space, out=self._like("log probabilities", of_space))

    def state(self):
        """The tensors that hold all that lasts from one outer step to the next."""
        return self._parameters.state() if self._start == "warm" else []

    def model(self):
        """The classifiers as they are, a LinearModel."""
        tensors = [tensor.clone() for tensor in self._parameters.tensors]
        return LinearModel(tensors[0::2], tensors[1::2], self._n_clusters)

    def _first_step_from_zero(self, batches, labeling, n_rows):
        # at zero all clusters are equally likely in all spaces: no product is needed to know it
        residual = torch.div(labeling, -n_rows, out=self._like("log probabilities", labeling))
        residual += 1 / (self._n_clusters * n_rows)
        for k, z in enumerate(batches):
            self._write_gradient(k, z, residual)
        if self._steps == 1:
            self._parameters.only_step_from_zero()
        else:
            self._parameters.reset()
            self._parameters.step()

    def _like(self, name, tensor):
        return self._workspace(name, tensor.shape, tensor.dtype)

    def _write_gradient(self, k, z, to_logits):
        to_weight, to_bias = self._parameters.gradients[2 * k : 2 * k + 2]
        write_gradient(z, to_logits, to_weight, to_bias, self._workspace)

    def _draw(self):
        for k, width in enumerate(self._widths):
            weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
            drawn_weight, drawn_bias = self._draws.classifier(k, width, self._n_outputs)
            weight.copy_(drawn_weight).mul_(self._initial_scales[k])
            bias.copy_(drawn_bias).mul_(self._initial_scales[k])


def cross_entropy(log_probabilities, labeling, n_rows):
    """Soft-label cross-entropy of each restart, summed over rows, over ``n_rows``; (R,)."""
    return torch.einsum("brc,brc->r", log_probabilities, labeling) / -n_rows
