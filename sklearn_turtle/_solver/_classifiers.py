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
        if self._start != "warm":
            self._parameters.reset()
        if self._start == "cold":
            self._draw()
        for step in range(self._steps):
            losses = []
            # at zero all clusters are equally likely: no product is needed to know it
            uniform = self._start == "zero" and step == 0 and trace is None
            for k, z in enumerate(batches):
                if uniform:
                    residual = 1 / self._n_clusters - labelling
                elif trace is None:
                    residual = self._logits(k, z).softmax(-1).sub_(labelling)
                else:
                    log_probabilities = self.log_probabilities(k, z)
                    losses.append(cross_entropy(log_probabilities, labelling))
                    residual = log_probabilities.exp_().sub_(labelling)
                self._write_gradient(k, z, residual)
            self._parameters.step()
            if trace is not None:
                trace.append(torch.stack(losses).sum(0))

    def log_probabilities(self, k, z):
        """Log-probabilities of a batch ``z`` (B, d) in space ``k``, of shape (B, R, C)."""
        return self._logits(k, z).log_softmax(-1)

    def _logits(self, k, z):
        weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
        return logits(z, weight, bias, self._n_clusters)

    def _write_gradient(self, k, z, residual):
        # the gradient of the mean cross-entropy in the logits is (softmax - labelling) / B
        to_weight, to_bias = self._parameters.gradients[2 * k : 2 * k + 2]
        write_gradient(z, residual.div_(len(z)), to_weight, to_bias)

    def _draw(self):
        for k, width in enumerate(self._widths):
            weight, bias = self._parameters.tensors[2 * k : 2 * k + 2]
            drawn_weight, drawn_bias = self._draws.classifier(k, width, self._n_outputs)
            weight.copy_(drawn_weight)
            bias.copy_(drawn_bias)


def cross_entropy(log_probabilities, labelling):
    """Mean soft-label cross-entropy of each restart, of shape (R,)."""
    return torch.einsum("brc,brc->r", log_probabilities, labelling) / -len(labelling)
