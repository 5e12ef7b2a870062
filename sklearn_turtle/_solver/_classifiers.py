"""The inner problem: a linear classifier a space, trained on the labelling."""

import torch

from sklearn_turtle._solver._parameters import Parameters
from sklearn_turtle._solver._products import logits, write_gradient


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
    lr : float
        Learning rate of Adam, the inner rate.
    start : {"zero", "cold", "warm"}
        Where the classifiers of an outer step start: at zero, at a fresh random draw, or
        where the last outer step left them (with Adam's state).
    draws : Draws
        Source of the random weights.
    dtype : torch.dtype
        Dtype of the parameters.
    device : torch.device
        Device of the parameters.
    """

    def __init__(self, widths, *, n_restarts, n_clusters, steps, lr, start, draws, dtype, device):
        self._widths = widths
        self._n_clusters = n_clusters
        self._n_outputs = n_restarts * n_clusters
        self._steps = steps
        self._start = start
        self._draws = draws
        shapes = []
        for width in widths:
            shapes += [(width, self._n_outputs), (self._n_outputs,)]
        self._parameters = Parameters(shapes, lr=lr, dtype=dtype, device=device)
        if start == "warm":
            self._draw()

    def fit(self, batches, labelling, trace=None):
        """Train on batches ``z_k`` (B, d_k) and the labelling (B, R, C), which is held fixed.

        Where ``trace`` is a list, the cross-entropy before each inner step, summed over the
        spaces, is appended to it, a tensor of shape (R,) a step.
        """
        steps = range(self._steps)
        if self._start == "zero":
            self._first_step_from_zero(batches, labelling)
            steps = steps[1:]
        elif self._start == "cold":
            self._parameters.reset()
            self._draw()
        for _ in steps:
            losses = []
            for k, z in enumerate(batches):
                if trace is None:
                    residual = self._logits(k, z).softmax(-1, dtype=labelling.dtype)
                else:
                    residual = self.log_probabilities(k, z)
                    losses.append(cross_entropy(residual, labelling))
                    residual.exp_()
                # the gradient of the mean cross-entropy in the logits is (softmax - y) / B
                write_gradient(z, residual.sub_(labelling).div_(len(z)), *self._gradients(k))
            self._parameters.step()
            if trace is not None:
                trace.append(torch.stack(losses).sum(0))

    def log_probabilities(self, k, z):
        """Log-probabilities of a batch ``z`` (B, d) in space ``k``, of shape (B, R, C)."""
        return self._logits(k, z).log_softmax(-1, dtype=self._parameters.tensors[0].dtype)

    def _first_step_from_zero(self, batches, labelling):
        # at zero all clusters are equally likely in all spaces: no product is needed to know it
        residual = torch.rsub(labelling, 1 / self._n_clusters).div_(len(labelling))
        for k, z in enumerate(batches):
            write_gradient(z, residual, *self._gradients(k))
        if self._steps == 1:
            self._parameters.only_step_from_zero()
        else:
            self._parameters.reset()
            self._parameters.step()

    def _logits(self, k, z):
        weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
        return logits(z, weight, bias, self._n_clusters)

    def _gradients(self, k):
        return self._parameters.gradients[2 * k : 2 * k + 2]

    def _draw(self):
        for k, width in enumerate(self._widths):
            weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
            drawn_weight, drawn_bias = self._draws.classifier(k, width, self._n_outputs)
            weight.copy_(drawn_weight)
            bias.copy_(drawn_bias)


def cross_entropy(log_probabilities, labelling):
    """Mean soft-label cross-entropy of each restart, of shape (R,)."""
    return torch.einsum("brc,brc->r", log_probabilities, labelling) / -len(labelling)
