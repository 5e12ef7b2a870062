"""Gradient steps on a context, and on nothing else."""

from dataclasses import dataclass

import torch

from sklearn_turtle._input._unit import unit


@dataclass(frozen=True)
class Tuned:
    """A tuned context.

    Attributes
    ----------
    context : tensor
        The context after the last step.
    embeddings : tensor of shape (C, d)
        The class embeddings that the tower makes of it, of unit norm.
    losses : tensor of shape (n_steps,)
        Loss of each step on its mini-batch.
    """

    context: torch.Tensor
    embeddings: torch.Tensor
    losses: torch.Tensor


def tune(tower, context, loss, steps, *, weight_decay, nesterov):
    """Stochastic gradient descent with a momentum of 0.9.

    Parameters
    ----------
    tower : callable
        Makes class embeddings (C, d) of a context.
    context : tensor
        Where the steps start.
    loss : callable
        ``loss(embeddings, batch)``, of class embeddings of unit norm.
    steps : iterable of (float, batch)
        Learning rate and mini-batch of each step.
    weight_decay : float
        Times half the squared norm of the context, this is added to the loss.
    nesterov : bool
        Whether the momentum is Nesterov's.

    Returns
    -------
    Tuned
    """
    context = context.clone().requires_grad_()
    optimizer = torch.optim.SGD(
        [context], lr=0.0, momentum=0.9, weight_decay=weight_decay, nesterov=nesterov
    )
    losses = []
    with torch.enable_grad():
        for learning_rate, batch in steps:
            optimizer.param_groups[0]["lr"] = learning_rate
            value = loss(unit(tower(context)), batch)
            # gradients of the context alone: backward() would leave some on the tower
            (context.grad,) = torch.autograd.grad(value, [context])
            optimizer.step()
            losses.append(value.detach())
    context = context.detach()
    with torch.no_grad():
        return Tuned(context, unit(tower(context)), torch.stack(losses))
