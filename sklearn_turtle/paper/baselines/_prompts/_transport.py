"""POUF: a context that aligns class embeddings with the samples."""

import math

from sklearn_turtle.paper.baselines._prompts._tuning import tune

WEIGHT_DECAY = 1e-3


def transport_cost(cosines, scale):
    """Cost of transporting samples to class embeddings and class embeddings to samples.

    The cost of a pair is one less its cosine. A sample moves to the classes by their
    probabilities, a class to the samples of the mini-batch by the softmax over these of the
    same logits.

    Parameters
    ----------
    cosines : tensor of shape (B, C)
        Cosines of the samples of a mini-batch and the class embeddings.
    scale : float
        Scale of the logits.

    Returns
    -------
    tensor of shape ()
    """
    cost = 1 - cosines
    logits = scale * cosines
    to_classes = (logits.softmax(1) * cost).sum(1).mean()
    to_samples = (logits.softmax(0) * cost).sum(0).mean()
    return to_classes + to_samples


def mutual_information(logits):
    """Mutual information of the samples of a mini-batch and their classes, by their logits (B, C).

    It is the entropy of the mean of the class probabilities, less the mean of their entropies.
    """
    log_probabilities = logits.log_softmax(1)
    log_mean = log_probabilities.logsumexp(0) - math.log(len(logits))
    return entropy(log_mean) - entropy(log_probabilities).mean()


def entropy(log_probabilities):
    """Entropies of the distributions (..., C); their gradients are finite everywhere."""
    return -(log_probabilities.exp() * log_probabilities).sum(-1)


def align_context(
    features,
    tower,
    context,
    scale,
    *,
    information_weight,
    max_iter,
    batch_size,
    learning_rate,
    draws,
):
    """Lower the transport cost less the weighted mutual information by steps on a context.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    tower : callable
        Makes class embeddings (C, d) of a context.
    context : tensor
        Where the context starts.
    scale : float
        Scale of the logits.
    information_weight : float
        Weight of the mutual information.
    max_iter, batch_size, learning_rate : int, int, float
        Settings of the descent.
    draws : Draws
        Source of the mini-batches.

    Returns
    -------
    Tuned
    """

    def steps():
        for step in range(max_iter):
            rate = learning_rate * (1 + 2e-4 * step) ** -0.75
            yield rate, features.rows(draws.rows(features.n_samples, batch_size))

    def loss(embeddings, x):
        cosines = x @ embeddings.T
        cost = transport_cost(cosines, scale)
        return cost - information_weight * mutual_information(scale * cosines)

    return tune(tower, context, loss, steps(), weight_decay=WEIGHT_DECAY, nesterov=True)
