"""UPL: a context that is learned from the pseudo-labels of the most confident samples."""

import math

import torch
from torch.nn.functional import cross_entropy

from sklearn_turtle.paper.baselines._prompts._tuning import tune

WEIGHT_DECAY = 5e-4
# of the first pass over the samples
WARM_UP_RATE = 1e-5


@torch.no_grad()
def most_confident(features, embeddings, scale, top_k):
    """The ``top_k`` samples of each pseudo-label for which it has the highest probability.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    embeddings : tensor of shape (C, d)
        Class embeddings of the zero-shot classifier, which gives the pseudo-labels.
    scale : float
        Scale of its logits.
    top_k : int
        Number of samples a class; of a class that has fewer, all are taken.

    Returns
    -------
    rows : tensor of int64
        The samples, class by class, the most confident first.
    labels : tensor of int64
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
    features, rows, labels, tower, context, scale, *, n_epochs, batch_size, learning_rate, draws
):
    """Lower the cross-entropy of pseudo-labels by stochastic gradient descent on a context.

    Parameters
    ----------
    features : UnitFeatures
        The samples.
    rows, labels : tensors of shape (n_selected,), int64
        The samples that are learned from, and their pseudo-labels.
    tower : callable
        Makes class embeddings (C, d) of a context.
    context : tensor
        Where the context starts.
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

    def steps():
        for epoch in range(n_epochs):
            rate = rate_of_epoch(epoch, n_epochs, learning_rate)
            for batch in draws.permutation(len(labels)).to(features.device).split(batch_size):
                yield rate, batch

    def loss(embeddings, batch):
        return cross_entropy(scale * x[batch] @ embeddings.T, labels[batch])

    return tune(tower, context, loss, steps(), weight_decay=WEIGHT_DECAY, nesterov=False)


def rate_of_epoch(epoch, n_epochs, learning_rate):
    """A low rate in the first pass; from the second on, half a cosine down from the highest."""
    if epoch == 0:
        return WARM_UP_RATE
    return learning_rate * (1 + math.cos(math.pi * (epoch - 1) / n_epochs)) / 2
