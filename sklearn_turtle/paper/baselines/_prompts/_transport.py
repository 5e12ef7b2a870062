"""POUF: tune a context so that the class embeddings align with the samples."""

import math
from collections.abc import Iterator

import torch

from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._prompts._tuning import Tower, Tuned, tune

WEIGHT_DECAY = 1e-3


def transport_cost(cosines: torch.Tensor, scale: float) -> torch.Tensor:
    """Cost of transporting samples to class embeddings and class embeddings to samples.

    The cost of a pair is one minus its cosine. A sample is transported to the classes in the
    proportions of its class probabilities. A class is transported to the samples in the
    proportions of the softmax of the same logits over the mini-batch.

    Parameters
    ----------
    cosines : tensor of shape (B, C)
        Cosines between the samples of a mini-batch and the class embeddings.
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


def mutual_information(logits: torch.Tensor) -> torch.Tensor:
    """Mutual information between the samples of a mini-batch and their classes.

    It is the entropy of the mean class probabilities minus the mean entropy of the class
    probabilities.

    Parameters
    ----------
    logits : tensor of shape (B, C)
        Logits of the samples.

    Returns
    -------
    tensor of shape ()
    """
    log_probabilities = logits.log_softmax(1)
    log_mean = log_probabilities.logsumexp(0) - math.log(len(logits))
    return entropy(log_mean) - entropy(log_probabilities).mean()


def entropy(log_probabilities: torch.Tensor) -> torch.Tensor:
    """Entropies of distributions of shape (..., C), with gradients that are always finite."""
    return -(log_probabilities.exp() * log_probabilities).sum(-1)


def align_context(
    features: UnitFeatures,
    tower: Tower,
    context: torch.Tensor,
    scale: float,
    *,
    information_weight: float,
    max_iter: int,
    batch_size: int,
    learning_rate: float,
    draws: Draws,
) -> Tuned:
    """Minimize the transport cost minus the weighted mutual information.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    tower : callable
        Computes class embeddings (C, d) from a context.
    context : tensor
        Initial context.
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

    def steps() -> Iterator[tuple[float, torch.Tensor]]:
        for step in range(max_iter):
            rate = learning_rate * (1 + 2e-4 * step) ** -0.75
            yield rate, features.rows(draws.rows(features.n_samples, batch_size))

    def loss(embeddings: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        cosines = x @ embeddings.T
        cost = transport_cost(cosines, scale)
        return cost - information_weight * mutual_information(scale * cosines)

    return tune(tower, context, loss, steps(), weight_decay=WEIGHT_DECAY, nesterov=True)
