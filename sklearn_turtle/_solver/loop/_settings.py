"""Settings of one optimization."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Settings:
    """Settings of :func:`solve`; the estimator documents what they mean.

    ``gamma`` and the rates are numbers, or tensors of shape (R,) where restarts differ in them.
    """

    n_clusters: int
    n_restarts: int = 1
    gamma: float | torch.Tensor = 10.0
    max_iter: int = 200
    batch_size: int = 1500
    inner_steps: int = 1
    inner_lr: float | torch.Tensor = 0.02
    inner_start: str = "zero"
    outer_lr: float | torch.Tensor = 0.01
    schedule: str = "cosine"
    # log proportions of the clusters from the largest to the smallest; None for equal sizes
    log_prior: torch.Tensor | None = None
    initial_logit_norm: float | None = 0.3
    tol: float = 0.0
    dtype: torch.dtype = torch.float32
