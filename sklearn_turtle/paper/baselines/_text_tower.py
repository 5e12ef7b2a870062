"""The text tower that makes class embeddings from prompts."""

import numpy as np
import torch


def read_tower(text_tower, initial_context, embeddings, order):
    """What makes class embeddings of a context, and the context to start at.

    Parameters
    ----------
    text_tower, initial_context : callable or None, array-like or tensor or None
        As given to :class:`UPL`.
    embeddings : tensor of shape (n_classes, n_features)
        The class embeddings of the zero-shot classifier.
    order : ndarray of shape (n_classes,), int
        Where each class stands in what ``text_tower`` makes.

    Returns
    -------
    tower : callable
        Makes class embeddings of a context, of the shape, the dtype and the order of
        ``embeddings``.
    context : tensor
        On the device of ``embeddings``.
    """
    if text_tower is None:
        if initial_context is not None:
            raise ValueError(
                "initial_context is the input of a text_tower, but text_tower is None: pass both "
                "or neither."
            )
        return (lambda residual: embeddings + residual), torch.zeros_like(embeddings)
    if initial_context is None:
        raise ValueError(
            "text_tower needs an initial_context: the prompt vectors that it makes class "
            "embeddings of."
        )
    if isinstance(initial_context, torch.Tensor):
        context = initial_context.detach().to(embeddings.device)
    else:
        context = torch.tensor(np.asarray(initial_context, np.float32), device=embeddings.device)
    rows = torch.from_numpy(order).to(embeddings.device)

    def tower(context):
        return text_tower(context).to(embeddings.dtype)[rows]

    with torch.enable_grad():
        made = text_tower(context.clone().requires_grad_())
    if not isinstance(made, torch.Tensor) or made.shape != embeddings.shape:
        raise ValueError(
            "text_tower must make a tensor of the shape of the class embeddings, "
            f"{tuple(embeddings.shape)}; got {getattr(made, 'shape', type(made).__name__)}."
        )
    if not made.requires_grad:
        raise ValueError(
            "What text_tower makes does not depend on the context in a way that torch can "
            "differentiate: it must not detach the context, nor turn gradients off."
        )
    return tower, context
