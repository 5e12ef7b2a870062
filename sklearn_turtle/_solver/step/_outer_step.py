"""One outer step: the loss (Eq. 12) and its first-order hypergradient (Eq. 13)."""

import torch


def _ranked_log_prior(mean_labeling, log_prior):
    """The prior of each cluster by its rank in size, (R, C): which cluster is the largest is free.

    With it the entropy term becomes gamma * KL(mean of p_k || prior) (arXiv:2601.03237).
    """
    if log_prior is None:
        return None
    rank = mean_labeling.argsort(-1, descending=True).argsort(-1)
    return log_prior[rank]


def _outer_step(encoder, classifiers, batches, n_rows, settings, workspace, processes, trace):
    """Write the first-order hypergradient (Eq. 13); returns the outer loss, (R,).

    ``batches`` are the rows of this process, ``n_rows`` the number of those of all processes.
    """
    n_spaces = len(batches)
    probabilities = [encoder.probabilities(k, z) for k, z in enumerate(batches)]

    def buffer(name):
        return workspace(name, probabilities[0].shape, settings.dtype)

    labeling = torch.div(probabilities[0], n_spaces, out=buffer("labeling"))  # Eq. 9
    for p in probabilities[1:]:
        labeling.add_(p, alpha=1 / n_spaces)
    classifiers.fit(batches, labeling, n_rows, trace)

    # Eq. 12: sum_k CE(w_k z_k, y) - gamma * sum_k H(mean over the batch of p_k), of which the
    # gradient in p_k is -sum_j log q_j / (K * B) + gamma * (log mean p_k + 1) / B; the 1 drops
    # out in the softmax. Without it, the products of p_k and its gradient add up to the loss.
    to_labeling = labeling.zero_()  # which nobody reads any more
    for k, z in enumerate(batches):
        to_labeling.add_(classifiers.log_probabilities(k, z), alpha=-1 / (n_spaces * n_rows))
    means = processes.sum_(torch.stack([p.sum(0) for p in probabilities])).div_(n_rows)
    log_prior = _ranked_log_prior(means.mean(0), settings.log_prior)
    tiny = torch.finfo(settings.dtype).tiny
    loss = torch.zeros(settings.n_restarts, dtype=settings.dtype, device=labeling.device)
    for k, (z, p, mean) in enumerate(zip(batches, probabilities, means, strict=True)):
        log_mean = mean.clamp_min_(tiny).log_()
        if log_prior is not None:
            log_mean -= log_prior
        log_mean *= settings.gamma / n_rows
        # nobody reads the log-probabilities of the classifiers any more
        to_p = torch.add(to_labeling, log_mean, out=buffer("log probabilities"))
        # through the softmax: p * (to_p - <p, to_p>)
        to_logits = to_p.mul_(p)
        inner_product = to_logits.sum(-1, keepdim=True)
        loss += inner_product.sum((0, 2))
        to_logits.addcmul_(p, inner_product, value=-1)
        encoder.write_gradient(k, z, to_logits)
    return processes.sum_(loss)
