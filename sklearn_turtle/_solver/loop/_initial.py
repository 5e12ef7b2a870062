"""Initial weights of the task encoder."""

import torch

from sklearn_turtle._solver.step._products import logits
from sklearn_turtle._solver.step._workspace import Workspace


def _initial_layers(spaces, settings, draws):
    """Random weight and bias of each space, and what its random weights are multiplied with."""
    n_outputs = settings.n_restarts * settings.n_clusters
    layers = [draws.task_encoder(k, space.n_features, n_outputs) for k, space in enumerate(spaces)]
    if settings.initial_logit_norm is None:
        return layers, [1.0] * len(spaces)
    scales = [
        _initial_scale(space, weight, settings, draws)
        for space, (weight, _) in zip(spaces, layers, strict=True)
    ]
    scaled = [
        (weight * scale, torch.zeros_like(bias))
        for scale, (weight, bias) in zip(scales, layers, strict=True)
    ]
    return scaled, scales


def _initial_scale(space, weight, settings, draws):
    """What to multiply random weights with to give logits of ``initial_logit_norm``."""
    # Labels that start out saturated have no gradient and stay what chance made them. How large
    # the logits of random weights are depends on the number of features and their distribution,
    # so it is measured.
    shard = space.shard
    rows = draws.rows(shard.n_samples, settings.batch_size)
    z = space.batch(shard.own(rows))
    weight = weight.to(device=z.device, dtype=settings.dtype)
    of_batch = logits(
        z, weight, torch.zeros_like(weight[0]), settings.n_clusters, Workspace(z.device)
    )
    n_rows = shard.n_samples if rows is None else len(rows)
    mean_square = shard.processes.sum_(of_batch.square().sum()) / (n_rows * weight.shape[1])
    return settings.initial_logit_norm / mean_square.sqrt().item()
