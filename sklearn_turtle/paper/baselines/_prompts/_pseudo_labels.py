"""UPL: learn a context from the pseudo-labels of the most confident samples."""

import math
from collections.abc import Iterator

import torch
from torch.nn.functional import cross_entropy

from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._prompts._tuning import Tower, Tuned, tune

WEIGHT_DECAY = 5e-4
# Learning rate of the first pass over the samples.
WARM_UP_RATE = 1e-5


@torch.no_grad()
def most_confident(
    features: UnitFeatures, embeddings: torch.Tensor, scale: float, top_k: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Select the ``top_k`` samples of each pseudo-label with the highest probability.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    embeddings : tensor of shape (C, d)
        Class embeddings of the zero-shot classifier, which predicts the pseudo-labels.
    scale : float
        Scale of its logits.
    top_k : int
        Number of samples per class. A class with fewer samples contributes all of them.

    Returns
    -------
    rows : tensor of shape (n_selected,), int64
        The selected samples, grouped by class, the most confident first.
    labels : tensor of shape (n_selected,), int64
        Their pseudo-labels.
    """
    n_classes = len(embeddings)
    confidence = torch.empty(features.n_samples, dtype=features.dtype)
    labels = torch.empty(features.n_samples, dtype=torch.int64)
    for rows, x in features.chunks(n_classes):
        probabilities = (scale * x @ embeddings.T).softmax(1)
        confidence[rows], labels[rows] = (values.cpu() for values in probabilities.max(1))
    order = confidence.argsort(descending=True, stable=True)
    chosen = torch.cat([order[labels[order] == label][:top_k] for label in range(n_classes)])
    return chosen, labels[chosen]


def learn_context(
    features: UnitFeatures,
    rows: torch.Tensor,
    labels: torch.Tensor,
    tower: Tower,
    context: torch.Tensor,
    scale: float,
    *,
    n_epochs: int,
    batch_size: int,
    learning_rate: float,
    draws: Draws,
) -> Tuned:
    """Minimize the cross-entropy of the pseudo-labels by stochastic gradient descent.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    rows, labels : tensors of shape (n_selected,), int64
        The selected samples and their pseudo-labels.
    tower : callable
        Computes class embeddings (C, d) from a context.
    context : tensor
        Initial context.
    scale : float
        Scale of the logits.
    n_epochs, batch_size, learning_rate : int, int, float
        Settings of the descent.
    draws : Draws
        Source of the mini-batches.

    Returns
    -------
    Tuned
    """
    x, labels = features.rows(rows), labels.to(features.device)

    def steps() -> Iterator[tuple[float, torch.Tensor]]:
        for epoch in range(n_epochs):
            rate = rate_of_epoch(epoch, n_epochs, learning_rate)
            order = draws.permutation(len(labels)).to(features.device)
            for batch in order.split(batch_size):
                yield rate, batch

    def loss(embeddings: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        return cross_entropy(scale * x[batch] @ embeddings.T, labels[batch])

    return tune(tower, context, loss, steps(), weight_decay=WEIGHT_DECAY, nesterov=False)


def rate_of_epoch(epoch: int, n_epochs: int, learning_rate: float) -> float:
    """Learning rate of a pass: low in the first one, then decreasing along half a cosine."""
    if epoch == 0:
        return WARM_UP_RATE
    return learning_rate * (1 + math.cos(math.pi * (epoch - 1) / n_epochs)) / 2
