"""Weigh the spaces by what they know of the labeling.

A quick search in all spaces alike finds a labeling of some rows, which is applied to others. Their
labels tell what each space knows: the share a_k of the neighbors of a row in space k that have its
label, above the share by chance. The weight of the space is

    v_k ~ a_k^p / sum_j r_kj^p,

where r_kj is the correlation between the similarities of rows in spaces k and j. The sum lets
copies of a space share one weight. The labels are those of rows that the search has not seen:
among rows that it has seen, neighbors in a space of noise share labels, too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from sklearn_turtle._solver.rows._chunks import spread_rows
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import FeatureSpace, Space
from sklearn_turtle._solver.rows._view import View, gathered
from sklearn_turtle._solver.step._linear_model import restart_labels
from sklearn_turtle._solver.strategy._labeling import labels_of
from sklearn_turtle._solver.strategy._merging import merge
from sklearn_turtle._solver.strategy._restarts import train_restarts
from sklearn_turtle._solver.strategy._strategy import Strategy

# The power p: a space whose share is half of that of another one has a sixteenth of its weight.
POWER = 4
# The quick search has settings of its own: how spaces are weighed does not depend on those of the
# restarts.
QUICK: dict[str, Any] = {
    "n_restarts": 2,
    "max_iter": 40,
    "gamma": 10.0,
    "log_prior": None,
    "inner_steps": 1,
    "inner_start": "zero",
    "outer_lr": 0.01,
    "schedule": "cosine",
}
# The rate of its classifiers is this times log C.
INNER_LR = 0.005
# How many rows it sees; as many others are labeled.
N_ROWS = 3000
N_ROWS_PER_CLUSTER = 10
# With fewer rows, nothing can be told.
FEWEST_ROWS = 100
# The neighbors of this many of the labeled rows are counted.
N_ANCHORS = 1000
# Rows are all alike if their similarities have a variance below this, or most of their norms are
# below this share of the largest one.
ALIKE = 1e-6


@dataclass(frozen=True)
class SpaceWeights:
    """How much each space counts.

    Attributes
    ----------
    weights : list of float
        Weight of each space, with the sum 1.
    correlations : list of float or None
        Largest correlation between the similarities of rows in the space and those in another one;
        None if the weights were not found from the data.
    """

    weights: list[float]
    correlations: list[float] | None = None


def space_weights(projected: Sequence[Space], strategy: Strategy, draws: Draws) -> SpaceWeights:
    """Weigh the spaces.

    Parameters
    ----------
    projected : list of Space
        The spaces of the search, from :func:`project`.
    strategy : Strategy
        How to find the labeling. Its weights are taken, if it has any.
    draws : Draws
        Source of the initial weights and of the mini-batches. It does not change.

    Returns
    -------
    SpaceWeights
        Equal weights if the strategy has no neighbors, or if there are too few rows.
    """
    n_spaces, n_clusters = len(projected), strategy.search.n_clusters
    if strategy.space_weights is not None:
        return SpaceWeights(list(strategy.space_weights))
    shard = projected[0].shard
    n_rows = 2 * max(N_ROWS, N_ROWS_PER_CLUSTER * n_clusters)
    indices = spread_rows(shard.n_samples, n_rows)
    too_few = len(indices) < max(FEWEST_ROWS, 4 * n_clusters)
    if n_spaces == 1 or strategy.n_neighbors == 0 or too_few:
        return SpaceWeights([1 / n_spaces] * n_spaces)
    held_out = [gathered(space, indices[1::2]) for space in projected]
    labels = _quick_labels(projected, indices[::2], held_out, strategy, draws.copy())
    found = weights_by_labels(held_out, labels, n_clusters, strategy.n_neighbors)
    of_first_process: SpaceWeights = shard.processes.collect(found)[0]
    return of_first_process


def weights_by_labels(
    features: Sequence[torch.Tensor], labels: torch.Tensor, n_clusters: int, n_neighbors: int
) -> SpaceWeights:
    """Weigh spaces by the labels of their rows.

    Parameters
    ----------
    features : list of tensor of shape (n_rows, d_k)
        Rows of each space.
    labels : tensor of shape (n_rows,), int64
        Labels of the rows.
    n_clusters : int
        Number of clusters.
    n_neighbors : int
        Number of neighbors of a row that are counted.

    Returns
    -------
    SpaceWeights
    """
    n_rows = len(labels)
    anchors = spread_rows(n_rows, N_ANCHORS).to(labels.device)
    own = torch.arange(len(anchors), device=labels.device)
    by_chance = (labels.bincount(minlength=n_clusters) / n_rows).square().sum()
    shares, standardized, alike = [], [], []
    for z in features:
        # a single far row would move the mean away from all others
        centered = z - z.median(0).values
        norms = centered.norm(dim=1)
        unit = centered / norms.clamp_min(torch.finfo(z.dtype).tiny)[:, None]
        similarity = unit[anchors] @ unit.T
        similarity[own, anchors] = -torch.inf
        neighbors = similarity.topk(min(n_neighbors, n_rows - 1), sorted=False).indices
        share = (labels[neighbors] == labels[anchors, None]).float().mean()
        shares.append((share - by_chance) / (1 - by_chance).clamp_min(1e-6))
        similarity[own, anchors] = 0
        similarity -= similarity.mean()
        by_rounding = norms.median() < ALIKE * norms.max()
        alike.append(bool(by_rounding | (similarity.square().mean() < ALIKE)))
        standardized.append(torch.nn.functional.normalize(similarity.flatten(), dim=0))
    joint = torch.stack(standardized)
    correlations = (joint @ joint.T).clamp(0, 1).fill_diagonal_(1)
    # nothing can be told of rows that are all alike
    correlations[torch.tensor(alike)] = 1
    correlations[:, torch.tensor(alike)] = 1
    weights = torch.stack(shares).clamp(0, 1) ** POWER / (correlations**POWER).sum(1)
    if weights.sum() == 0:
        weights = torch.ones_like(weights)
    largest = correlations.fill_diagonal_(0).amax(1)
    return SpaceWeights((weights / weights.sum()).tolist(), largest.tolist())


def _quick_labels(
    projected: Sequence[Space],
    indices: torch.Tensor,
    held_out: Sequence[torch.Tensor],
    strategy: Strategy,
    draws: Draws,
) -> torch.Tensor:
    """Labels of held-out rows, by a search in others in all spaces alike."""
    search = strategy.search
    n_neighbors = max(1, min(strategy.n_neighbors, len(indices) // (2 * search.n_clusters)))
    view = View.averaged(projected, [1 / len(projected)] * len(projected), indices, n_neighbors)
    batch_size = min(search.batch_size, max(1, 3 * len(indices) // 4))
    inner_lr = INNER_LR * math.log(max(2, search.n_clusters))
    search = replace(search, batch_size=batch_size, inner_lr=inner_lr, **QUICK)
    restarts = train_restarts(view, search, draws)
    model, _ = merge(restarts.model, labels_of(restarts.model, view))
    spaces = [
        FeatureSpace(z, dtype=space.dtype, device=space.device)
        for z, space in zip(held_out, projected, strict=True)
    ]
    return restart_labels(model, spaces, len(held_out[0]))[0].long()
