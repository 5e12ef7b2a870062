"""A literal, slow rendering of the method's equations by automatic differentiation.

It shares no code with the package. The tests compare the solver with it, and the benchmarks measure
it as the textbook loop. Equation numbers are those of arXiv:2406.07236.
"""

import torch
from torch.nn.functional import log_softmax, softmax


def entropy(distribution):
    return -(distribution * distribution.log()).sum()


def divergence(distribution, other):
    return (distribution * (distribution / other).log()).sum()


def soft_cross_entropy(logits, labeling):
    return -(labeling * log_softmax(logits, dim=1)).sum(dim=1).mean()


def with_best_intercepts(logits, labeling):
    """Add the intercepts that minimize the cross-entropy, from L-BFGS."""
    intercepts = torch.zeros_like(logits[0], requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [intercepts], max_iter=500, tolerance_grad=1e-12, line_search_fn="strong_wolfe"
    )

    def loss():
        optimizer.zero_grad()
        value = soft_cross_entropy(logits + intercepts, labeling)
        value.backward()
        return value

    optimizer.step(loss)
    return (logits + intercepts).detach()


def linear(weight, bias, dtype):
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=dtype, device=weight.device)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return layer


def adam(layers, lr):
    parameters = [p for layer in layers for p in layer.parameters()]
    return torch.optim.Adam(parameters, lr=lr, betas=(0.9, 0.999), eps=1e-8, foreach=False)


def textbook_turtle(
    spaces,
    task_init,
    inner_init,
    batches,
    *,
    gamma,
    inner_steps,
    inner_lr,
    outer_lr,
    inner_start,
    prior=None,
    weights=None,
    fit_intercepts=False,
    dtype=torch.float64,
):
    """Run one outer step per mini-batch, for a single restart.

    ``task_init`` and ``inner_init(step)`` return one (weight, bias) per space, with weights of
    shape (n_clusters, n_features). ``inner_start`` is "zero", "cold" or "warm". ``prior`` has the
    proportions of the clusters from the largest to the smallest; None for the entropy term.
    ``weights`` has the weight of each space, with the sum 1; None for equal ones. With
    ``fit_intercepts``, the classifiers that the outer loss sees have the best intercepts.

    Returns the inner losses (T, M), the outer losses (T,), and the final (weight, bias) of each
    space, with the weight normalization folded in.
    """
    if weights is None:
        weights = [1 / len(spaces)] * len(spaces)

    def weighted_sum(values):
        return sum(v * value for v, value in zip(weights, values, strict=True))

    spaces = [space.to(dtype) for space in spaces]
    encoders = [
        torch.nn.utils.parametrizations.weight_norm(linear(w, b, dtype), dim=0)
        for w, b in task_init
    ]
    outer_optimizer = adam(encoders, outer_lr)
    inner_losses, outer_losses = [], []
    for step, rows in enumerate(batches):
        z = [space[rows] for space in spaces]
        p = [softmax(encoder(z_k), dim=1) for encoder, z_k in zip(encoders, z, strict=True)]
        y = weighted_sum(p)  # Eq. 9
        if step == 0 or inner_start != "warm":
            initial = inner_init(step)
            if inner_start == "zero":
                initial = [(torch.zeros_like(w), torch.zeros_like(b)) for w, b in initial]
            classifiers = [linear(w, b, dtype) for w, b in initial]
            inner_optimizer = adam(classifiers, inner_lr)
        losses = []
        for _ in range(inner_steps):
            loss = sum(
                soft_cross_entropy(w_k(z_k), y.detach())
                for w_k, z_k in zip(classifiers, z, strict=True)
            )
            inner_optimizer.zero_grad()
            loss.backward()
            inner_optimizer.step()
            losses.append(loss.item())
        inner_losses.append(losses)
        logits = [w_k(z_k).detach() for w_k, z_k in zip(classifiers, z, strict=True)]
        if fit_intercepts:
            logits = [with_best_intercepts(of_space, y.detach()) for of_space in logits]
        fit = len(z) * weighted_sum(soft_cross_entropy(of_space, y) for of_space in logits)
        means = [p_k.mean(dim=0) for p_k in p]
        if prior is None:
            of_sizes = -weighted_sum(entropy(mean) for mean in means)  # Eq. 12
        else:  # arXiv:2601.03237, with the prior assigned to the clusters by their size
            target = torch.empty_like(prior)
            target[y.mean(dim=0).argsort(descending=True)] = prior
            of_sizes = weighted_sum(divergence(mean, target) for mean in means)
        loss = fit + gamma * len(z) * of_sizes
        outer_optimizer.zero_grad()
        loss.backward()  # w_k is a constant here: the first-order hypergradient, Eq. 13
        outer_optimizer.step()
        outer_losses.append(loss.item())
    final = [(encoder.weight.detach(), encoder.bias.detach()) for encoder in encoders]
    return torch.tensor(inner_losses), torch.tensor(outer_losses), final
