"""Settings of one optimization."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of :func:`solve`. :class:`TurtleClustering` documents their meaning.

    There are no defaults: the rules behind "auto" are in one place, outside the solver.

    Attributes
    ----------
    n_clusters : int
        Number of clusters, C.
    n_restarts : int
        Number of restarts, R, which are trained side by side.
    gamma : float or tensor of shape (R,)
        Weight of the entropy term; a tensor if restarts differ in it.
    log_prior : tensor of shape (C,) or None
        Log proportions of the clusters from the largest to the smallest; None for equal sizes.
    max_iter : int
        Number of outer steps.
    batch_size : int
        Number of rows of a mini-batch, B.
    inner_steps : int
        Number of inner steps, M.
    inner_lr : float or tensor of shape (R,)
        Learning rate of the classifiers.
    inner_start : {"zero", "cold", "warm"}
        Where the classifiers of an outer step start.
    fit_intercepts : bool
        Whether the intercepts of the classifiers are fitted to the end in each outer step.
    outer_lr : float or tensor of shape (R,)
        Learning rate of the labeling.
    schedule : {"cosine", "constant"}
        How the outer rate decays.
    initial_logit_norm : float or None
        Root mean square of the logits of the first labeling; None for the random weights as drawn.
    dtype : torch.dtype
        Dtype of the parameters.
    """

    n_clusters: int
    n_restarts: int
    gamma: float | torch.Tensor
    log_prior: torch.Tensor | None
    max_iter: int
    batch_size: int
    inner_steps: int
    inner_lr: float | torch.Tensor
    inner_start: str
    fit_intercepts: bool
    outer_lr: float | torch.Tensor
    schedule: str
    initial_logit_norm: float | None
    dtype: torch.dtype
