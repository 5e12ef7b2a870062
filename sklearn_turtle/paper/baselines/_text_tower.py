"""The text tower that computes class embeddings from a context."""

from typing import Any

import numpy as np
import torch

from sklearn_turtle.paper.baselines._prompts import Tower


def read_tower(
    text_tower: Any, initial_context: Any, embeddings: torch.Tensor, order: np.ndarray
) -> tuple[Tower, torch.Tensor]:
    """Check the text tower of UPL and POUF, and put its classes in order.

    Parameters
    ----------
    text_tower, initial_context : callable or None, array-like or tensor or None
        Parameters of :class:`UPL`.
    embeddings : tensor of shape (n_classes, n_features)
        Class embeddings of the zero-shot classifier.
    order : ndarray of shape (n_classes,), int
        Position of each class in the output of ``text_tower``.

    Returns
    -------
    tower : callable
        Computes class embeddings from a context, with the shape, dtype and order of
        ``embeddings``.
    context : tensor
        Initial context, on the device of ``embeddings``.

    Raises
    ------
    ValueError
        If only one of ``text_tower`` and ``initial_context`` is None, or if the output of
        ``text_tower`` has the wrong shape or does not depend on the context.
    """
    if text_tower is None:
        if initial_context is not None:
            raise ValueError(
                "initial_context is the input of a text_tower, but text_tower is None. Pass both "
                "or neither."
            )
        return (lambda residual: embeddings + residual), torch.zeros_like(embeddings)
    if initial_context is None:
        raise ValueError(
            "text_tower needs an initial_context: the prompt vectors from which it computes class "
            "embeddings."
        )
    if isinstance(initial_context, torch.Tensor):
        context = initial_context.detach().to(embeddings.device)
    else:
        context = torch.tensor(np.asarray(initial_context, np.float32), device=embeddings.device)
    with torch.enable_grad():
        _check_output(text_tower(context.clone().requires_grad_()), embeddings)
    rows = torch.from_numpy(order).to(embeddings.device)

    def tower(context: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = text_tower(context).to(embeddings.dtype)[rows]
        return made

    return tower, context


def _check_output(output: Any, embeddings: torch.Tensor) -> None:
    if not isinstance(output, torch.Tensor) or output.shape != embeddings.shape:
        raise ValueError(
            "text_tower must return a tensor with the shape of the class embeddings, "
            f"{tuple(embeddings.shape)}; got {getattr(output, 'shape', type(output).__name__)}."
        )
    if not output.requires_grad:
        raise ValueError(
            "The output of text_tower has no gradient with respect to the context. The text_tower "
            "must not detach the context or disable gradients."
        )
