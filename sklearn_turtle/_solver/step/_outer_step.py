"""One outer step: the loss (Eq. 12) and its first-order hypergradient (Eq. 13)."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._processes import Processes
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace

# Rounds in which the intercepts of the classifiers are fitted.
N_INTERCEPT_ROUNDS = 20
# Largest factor of the probabilities of a cluster, so that no product overflows.
LARGEST = 1e30


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
    weights : list of float
        Weight of each space, with the sum 1.
    fit_intercepts : bool
        Whether the intercepts of the classifiers are fitted to the end.
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
        weights: Sequence[float],
        fit_intercepts: bool,
        workspace: Workspace,
        processes: Processes,
    ) -> None:
        self._encoder = encoder
        self._classifiers = classifiers
        self._gamma = gamma
        self._log_prior = log_prior
        self._weights = weights
        self._fit_intercepts = fit_intercepts
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
        labeling = self._labeling(probabilities)
        self._classifiers.fit(batches, labeling, n_rows)
        loss = self._write_hypergradient(batches, probabilities, labeling, n_rows)
        self._encoder.step(decay)
        return loss

    def _labeling(self, probabilities: list[torch.Tensor]) -> torch.Tensor:
        # Eq. 9, with the weight v_k of a space in place of 1 / K: y = sum_k v_k p_k
        first = probabilities[0]
        out = self._workspace("labeling", first.shape, first.dtype)
        labeling = torch.mul(first, self._weights[0], out=out)
        for p, weight in zip(probabilities[1:], self._weights[1:], strict=True):
            labeling.add_(p, alpha=weight)
        return labeling

    def _write_hypergradient(
        self,
        batches: Sequence[torch.Tensor],
        probabilities: list[torch.Tensor],
        labeling: torch.Tensor,
        n_rows: int,
    ) -> torch.Tensor:
        # Eq. 12, with weights: K * sum_k v_k * (CE(w_k z_k, y) - gamma * H(mean over the batch of
        # p_k)). Its gradient in p_k is K * v_k / B * (-sum_j v_j log q_j + gamma * (log mean p_k
        # + 1)), where q_j are the probabilities of classifier j. The 1 drops out in the softmax;
        # without it, the products of p_k and its gradient add up to the loss.
        n_spaces = len(batches)
        shares = None
        if self._fit_intercepts:
            shares = self._processes.sum_(labeling.sum(0)).div_(n_rows)
        to_labeling = labeling.zero_()  # its memory is free once the classifiers are trained
        for k, (z, weight) in enumerate(zip(batches, self._weights, strict=True)):
            log_q = self._classifiers.log_probabilities(k, z)
            if shares is not None:
                self._fit_the_intercepts(log_q, shares, n_rows)
            to_labeling.add_(log_q, alpha=-weight / n_rows)
        sums = torch.stack([p.sum(0) for p in probabilities])
        means = self._processes.sum_(sums).div_(n_rows)
        log_prior = ranked_log_prior(
            sum(w * mean for w, mean in zip(self._weights, means, strict=True)), self._log_prior
        )
        tiny = torch.finfo(labeling.dtype).tiny
        loss = labeling.new_zeros(labeling.shape[1])
        scratch = self._classifiers.scratch(labeling.shape, labeling.dtype)
        for k, (z, p, mean) in enumerate(zip(batches, probabilities, means, strict=True)):
            log_mean = mean.clamp_min_(tiny).log_()
            if log_prior is not None:
                log_mean -= log_prior
            factor = n_spaces * self._weights[k]
            log_mean *= self._gamma * factor / n_rows
            to_p = torch.add(log_mean, to_labeling, alpha=factor, out=scratch)
            # through the softmax: p * (to_p - <p, to_p>)
            to_logits = to_p.mul_(p)
            inner_product = to_logits.sum(-1, keepdim=True)
            loss += inner_product.sum((0, 2))
            to_logits.addcmul_(p, inner_product, value=-1)
            self._encoder.write_gradient(k, z, to_logits)
        return self._processes.sum_(loss)

    def _fit_the_intercepts(self, log_q: torch.Tensor, shares: torch.Tensor, n_rows: int) -> None:
        """Change log-probabilities of classifiers to those with the best intercepts.

        The cross-entropy is lowest in the intercepts if each cluster has the same share of the
        probabilities as of the labels. Iterative proportional fitting finds the factors exp(b) of
        such intercepts b, (R, C): the probabilities are q * factors, normalized in each row.
        """
        q = log_q.exp().transpose(0, 1)  # (R, B, C)
        tiny = torch.finfo(q.dtype).tiny
        factors = torch.ones_like(shares)
        for _ in range(N_INTERCEPT_ROUNDS):
            norms = (q @ factors[:, :, None]).clamp_min_(tiny)  # (R, B, 1)
            sums = self._processes.sum_((norms.reciprocal_().mT @ q).squeeze(1))
            factors = (n_rows * shares / sums.clamp_min_(tiny)).clamp_(1 / LARGEST, LARGEST)
        norms = (q @ factors[:, :, None]).clamp_min_(tiny)
        log_q += factors.log_() - norms.log_().transpose(0, 1)


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
