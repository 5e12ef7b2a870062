"""Initial weights of the task encoder."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._products import logits
from sklearn_turtle._solver.step._workspace import Workspace


def initial_layers(
    spaces: Sequence[Space], settings: Settings, draws: Draws
) -> tuple[list[tuple[torch.Tensor, torch.Tensor]], list[float]]:
    """Draw the initial weight and bias of each space.

    Returns
    -------
    layers : list of (tensor of shape (d, R * C), tensor of shape (R * C,))
        Weight and bias of each space.
    scales : list of float
        The drawn weights of each space were multiplied by these.
    """
    n_outputs = settings.n_restarts * settings.n_clusters
    layers = [draws.task_encoder(k, space.n_features, n_outputs) for k, space in enumerate(spaces)]
    if settings.initial_logit_norm is None:
        return layers, [1.0] * len(spaces)
    scales = [
        _initial_scale(space, weight, settings.initial_logit_norm, settings, draws)
        for space, (weight, _) in zip(spaces, layers, strict=True)
    ]
    scaled = [
        (weight * scale, torch.zeros_like(bias))
        for scale, (weight, bias) in zip(scales, layers, strict=True)
    ]
    return scaled, scales


def _initial_scale(
    space: Space, weight: torch.Tensor, logit_norm: float, settings: Settings, draws: Draws
) -> float:
    """The factor that gives the logits of random weights a root mean square of ``logit_norm``."""
    # Labels that start saturated have no gradient and stay as chance made them. The size of the
    # logits depends on the number of features and their distribution, so it is measured.
    shard = space.shard
    rows = draws.rows(shard.n_samples, settings.batch_size)
    z = space.batch(shard.own(rows))
    weight = weight.to(device=z.device, dtype=settings.dtype)
    of_batch = logits(
        z, weight, torch.zeros_like(weight[0]), settings.n_clusters, Workspace(z.device)
    )
    n_rows = shard.n_samples if rows is None else len(rows)
    mean_square = shard.processes.sum_(of_batch.square().sum()) / (n_rows * weight.shape[1])
    if mean_square == 0:  # rows that are all alike
        return 1.0
    return logit_norm / mean_square.sqrt().item()
