"""From the restarts to one labeling: merge, polish and regroup them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.rows._view import View
from sklearn_turtle._solver.step._linear_model import LABELED_ROWS, LinearModel, restart_labels
from sklearn_turtle._solver.strategy._distillation import distilled
from sklearn_turtle._solver.strategy._merging import adjusted_rand_index, average, merge
from sklearn_turtle._solver.strategy._polishing import N_SIZE_POLISHES, polish, polish_to_sizes
from sklearn_turtle._solver.strategy._regrouping import regrouped, tells_more
from sklearn_turtle._solver.strategy._restarts import Restarts
from sklearn_turtle._solver.strategy._strategy import Strategy


@dataclass(frozen=True)
class Labeling:
    """The labeling of the rows of a view.

    Attributes
    ----------
    model : LinearModel
        The merged and polished labeling.
    labels : tensor of shape (n_rows,), int64, or None
        Its labels after the regrouping; None if the rows are not averaged.
    losses : tensor of shape (n_steps, R)
        Outer loss of each restart at each of its steps; NaN after its last step.
    loss_curve : tensor of shape (n_iter,)
        Outer loss of each step: the mean over the restarts of a group for the search, then the
        steps of the polish.
    of_restarts : tensor of shape (R, n_rows)
        Labels of each restart.
    agreement : float
        See :func:`align`.
    """

    model: LinearModel
    labels: torch.Tensor | None
    losses: torch.Tensor
    loss_curve: torch.Tensor
    of_restarts: torch.Tensor
    agreement: float

    def to(self, device: torch.device | str) -> Labeling:
        """The same, on another device."""
        model = LinearModel(
            [weight.to(device) for weight in self.model.weights],
            [bias.to(device) for bias in self.model.biases],
            self.model.n_clusters,
        )
        tensors = (self.losses.to(device), self.loss_curve.to(device), self.of_restarts.to(device))
        labels = None if self.labels is None else self.labels.to(device)
        return Labeling(model, labels, *tensors, self.agreement)

    def of_spaces(self, spaces: Sequence[Space], view: View) -> LinearModel:
        """The labeling as a linear model of the spaces that the view shows."""
        if self.labels is None or view.indices is None:
            return self.model
        return distilled(spaces, view.indices, self.labels, self.model.n_clusters, view.weights)


def one_labeling(
    restarts: Restarts,
    strategy: Strategy,
    view: View,
    draws: Draws,
    observer: Observer | None = None,
) -> Labeling:
    """Merge restarts into one labeling, polish it, and regroup it.

    Parameters
    ----------
    restarts : Restarts
        The restarts of the strategy.
    strategy : Strategy
        How to find the labeling.
    view : View
        What the restarts see of the data.
    draws, observer
        As for :func:`solve`.

    Returns
    -------
    Labeling
    """
    model, agreement = restarts.model, 1.0
    of_restarts = labels_of(model, view)
    if model.n_restarts > 1:
        model, agreement = merge(model, of_restarts)
    loss_curves = [of_group.mean(1) for of_group in restarts.losses]
    polished = strategy.polish_iter > 0 and not restarts.stopped
    if polished:
        solution = polish(model, view, strategy, draws, observer)
        model, polished = solution.model, not solution.stopped
        loss_curves.append(solution.losses[:, 0])
    labels = None
    if view.neighbors is not None:
        before = labels_of(model, view)[0].long()
        known = strategy.known_log_prior
        joins = known is not None or regrouping_agrees(restarts.model, of_restarts, view)
        labels = regrouped(before, view.neighbors, model.n_clusters, joins=joins, log_prior=known)
        if polished:
            found, losses = _polished_to_sizes(labels, strategy, view, draws, observer)
            loss_curves += losses
            found = regrouped(found, view.neighbors, model.n_clusters, joins=False, log_prior=known)
            if tells_more(found, before, view.neighbors, model.n_clusters):
                labels = found
    losses_of_restarts = _beside(restarts.losses)
    return Labeling(
        model, labels, losses_of_restarts, torch.cat(loss_curves), of_restarts, agreement
    )


def regrouping_agrees(restarts: LinearModel, labels: torch.Tensor, view: View) -> bool:
    """Whether the labelings of two halves of the restarts agree better after regrouping them.

    If the sizes that it finds are those of the data, regrouping takes labelings that differ to the
    same clusters. Otherwise, it adds differences.

    Parameters
    ----------
    restarts : LinearModel
        R restarts.
    labels : tensor of shape (R, n_rows)
        Their labels.
    view : View
        The rows, with neighbors.

    Returns
    -------
    bool
        True for a single restart.
    """
    n_restarts, n_clusters = restarts.n_restarts, restarts.n_clusters
    if n_restarts == 1:
        return True
    assert view.neighbors is not None
    middle = n_restarts // 2
    before, after = [], []
    for start, stop in ((0, middle), (middle, n_restarts)):
        merged, _ = merge(restarts.restarts(start, stop), labels[start:stop])
        before.append(labels_of(merged, view)[0].long().cpu())
        after.append(regrouped(before[-1], view.neighbors, n_clusters))
    first, second = (adjusted_rand_index(a, b, n_clusters) for a, b in (before, after))
    return second > first


def _polished_to_sizes(
    labels: torch.Tensor, strategy: Strategy, view: View, draws: Draws, observer: Observer | None
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Labels after polishing to the sizes of labels, and the loss curves of that."""
    n_clusters, loss_curves = strategy.search.n_clusters, []
    model = distilled(view.spaces, torch.arange(len(labels)), labels, n_clusters, view.weights)
    model = average(model, [range(n_clusters)])  # so that all clusters start alike
    for _ in range(N_SIZE_POLISHES):
        sizes = labels.bincount(minlength=n_clusters)
        solution = polish_to_sizes(model, sizes, view, strategy, draws, observer)
        model = solution.model
        labels = labels_of(model, view)[0].long()
        loss_curves.append(solution.losses[:, 0])
        if solution.stopped:
            break
    return labels, loss_curves


def labels_of(model: LinearModel, view: View) -> torch.Tensor:
    """Labels of the rows of a view in each restart, (R, n_rows), from :func:`restart_labels`."""
    max_rows = LABELED_ROWS if view.neighbors is None else len(view.neighbors)
    return restart_labels(model, view.spaces, max_rows, view.weights)


def _beside(losses: list[torch.Tensor]) -> torch.Tensor:
    """Losses of all groups side by side, (n_steps, R), padded with NaN."""
    n_steps = max(map(len, losses))
    padded = [of_group.new_full((n_steps, of_group.shape[1]), torch.nan) for of_group in losses]
    for padding, of_group in zip(padded, losses, strict=True):
        padding[: len(of_group)] = of_group
    return torch.cat(padded, 1)
