"""One outer step: the loss (Eq. 12) and its first-order hypergradient (Eq. 13)."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._processes import Processes
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace


class OuterStep:
    """Train the classifiers on the labeling, then update the labeling.

    Parameters
    ----------
    encoder : TaskEncoder
        The labeling.
    classifiers : Classifiers
        The classifiers, of the same spaces.
    gamma : float or tensor of shape (R, 1)
        Weight of the entropy term.
    log_prior : tensor of shape (C,) or None
        Log proportions of the clusters from the largest to the smallest; None for equal sizes.
    workspace : Workspace
        Memory for the results of a step.
    processes : Processes
        The processes that share the rows of a batch.
    """

    def __init__(
        self,
        encoder: TaskEncoder,
        classifiers: Classifiers,
        *,
        gamma: float | torch.Tensor,
        log_prior: torch.Tensor | None,
        workspace: Workspace,
        processes: Processes,
    ) -> None:
        self._encoder = encoder
        self._classifiers = classifiers
        self._gamma = gamma
        self._log_prior = log_prior
        self._workspace = workspace
        self._processes = processes

    def __call__(
        self, batches: Sequence[torch.Tensor], n_rows: int, decay: float | torch.Tensor
    ) -> torch.Tensor:
        """Take the step.

        Parameters
        ----------
        batches : list of tensors of shape (B, d_k)
            The rows of the mini-batch that this process holds, in each space.
        n_rows : int
            Number of rows of the mini-batch in all processes.
        decay : float or tensor of shape ()
            The outer rate is multiplied by it.

        Returns
        -------
        tensor of shape (R,)
            The outer loss (Eq. 12) before the step.
        """
        probabilities = [self._encoder.probabilities(k, z) for k, z in enumerate(batches)]
        labeling = self._mean_over_spaces(probabilities)  # Eq. 9
        self._classifiers.fit(batches, labeling, n_rows)
        loss = self._write_hypergradient(batches, probabilities, labeling, n_rows)
        self._encoder.step(decay)
        return loss

    def _mean_over_spaces(self, probabilities: list[torch.Tensor]) -> torch.Tensor:
        n_spaces, first = len(probabilities), probabilities[0]
        out = self._workspace("labeling", first.shape, first.dtype)
        labeling = torch.div(first, n_spaces, out=out)
        for p in probabilities[1:]:
            labeling.add_(p, alpha=1 / n_spaces)
        return labeling

    def _write_hypergradient(
        self,
        batches: Sequence[torch.Tensor],
        probabilities: list[torch.Tensor],
        labeling: torch.Tensor,
        n_rows: int,
    ) -> torch.Tensor:
        # Eq. 12: sum_k CE(w_k z_k, y) - gamma * sum_k H(mean over the batch of p_k). Its gradient
        # in p_k is -sum_j log q_j / (K * B) + gamma * (log mean p_k + 1) / B, where q_j are the
        # probabilities of classifier j. The 1 drops out in the softmax; without it, the products of
        # p_k and its gradient add up to the loss.
        n_spaces = len(batches)
        to_labeling = labeling.zero_()  # its memory is free once the classifiers are trained
        for k, z in enumerate(batches):
            log_q = self._classifiers.log_probabilities(k, z)
            to_labeling.add_(log_q, alpha=-1 / (n_spaces * n_rows))
        sums = torch.stack([p.sum(0) for p in probabilities])
        means = self._processes.sum_(sums).div_(n_rows)
        log_prior = ranked_log_prior(means.mean(0), self._log_prior)
        tiny = torch.finfo(labeling.dtype).tiny
        loss = labeling.new_zeros(labeling.shape[1])
        scratch = self._classifiers.scratch(labeling.shape, labeling.dtype)
        for k, (z, p, mean) in enumerate(zip(batches, probabilities, means, strict=True)):
            log_mean = mean.clamp_min_(tiny).log_()
            if log_prior is not None:
                log_mean -= log_prior
            log_mean *= self._gamma / n_rows
            to_p = torch.add(to_labeling, log_mean, out=scratch)
            # through the softmax: p * (to_p - <p, to_p>)
            to_logits = to_p.mul_(p)
            inner_product = to_logits.sum(-1, keepdim=True)
            loss += inner_product.sum((0, 2))
            to_logits.addcmul_(p, inner_product, value=-1)
            self._encoder.write_gradient(k, z, to_logits)
        return self._processes.sum_(loss)


def ranked_log_prior(
    mean_labeling: torch.Tensor, log_prior: torch.Tensor | None
) -> torch.Tensor | None:
    """The log prior of each cluster by its rank in size, (R, C).

    With it the entropy term becomes gamma * KL(mean of p_k || prior) (arXiv:2601.03237). Any
    cluster may be the largest.
    """
    if log_prior is None:
        return None
    rank = mean_labeling.argsort(-1, descending=True).argsort(-1)
    return log_prior[rank]
