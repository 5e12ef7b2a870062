"""Stochastic gradient descent on a context."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch

from sklearn_turtle._input._unit import unit

Tower = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Tuned:
    """A tuned context.

    Attributes
    ----------
    context : tensor
        The context after the last step.
    embeddings : tensor of shape (C, d)
        The class embeddings that the tower computes from it, of unit norm.
    losses : tensor of shape (n_steps,)
        Loss of each step on its mini-batch.
    """

    context: torch.Tensor
    embeddings: torch.Tensor
    losses: torch.Tensor


def tune(
    tower: Tower,
    context: torch.Tensor,
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    steps: Iterable[tuple[float, torch.Tensor]],
    *,
    weight_decay: float,
    nesterov: bool,
) -> Tuned:
    """Minimize a loss by stochastic gradient descent with a momentum of 0.9.

    Parameters
    ----------
    tower : callable
        Computes class embeddings (C, d) from a context.
    context : tensor
        Initial context.
    loss : callable
        ``loss(embeddings, batch)``, with class embeddings of unit norm.
    steps : iterable of (float, tensor)
        Learning rate and mini-batch of each step.
    weight_decay : float
        Weight of half the squared norm of the context, which is added to the loss.
    nesterov : bool
        True for Nesterov's momentum.

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
            # backward() would also store gradients on the parameters of the tower.
            (context.grad,) = torch.autograd.grad(value, [context])
            optimizer.step()
            losses.append(value.detach())
    context = context.detach()
    with torch.no_grad():
        return Tuned(context, unit(tower(context)), torch.stack(losses))
