"""Restarts: train several labelings side by side and make one model of them.

Several strategies that differ in gamma or in their rates can share the work: their restarts are
further columns of the same matrices.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._solve import solve
from sklearn_turtle._solver.rows._chunks import spread_rows
from sklearn_turtle._solver.rows._draws import Draws, RepeatedDraws
from sklearn_turtle._solver.rows._feature_space import (
    FeatureSpace,
    RowsOfSpace,
    Space,
    prepare_small,
)
from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.rows._view import View, averaged_rows
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels, side_by_side
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle._solver.strategy._distillation import distilled
from sklearn_turtle._solver.strategy._from_labels import fit_to_labels
from sklearn_turtle._solver.strategy._groups import held_bytes, n_groups, pack_size
from sklearn_turtle._solver.strategy._merging import merge
from sklearn_turtle._solver.strategy._polishing import polish
from sklearn_turtle._solver.strategy._projection import UnprojectingObserver, unproject
from sklearn_turtle._solver.strategy._regrouping import regrouped
from sklearn_turtle._solver.strategy._strategy import Strategy

# Settings in which restarts that are trained side by side may differ.
OF_A_RESTART = ("gamma", "inner_lr", "outer_lr")


@dataclass(frozen=True)
class RestartsSolution:
    """The labeling that a strategy finds.

    Attributes
    ----------
    model : LinearModel
        One labeling.
    losses : tensor of shape (n_steps, R)
        Outer loss (Eq. 12) of each restart at each of its steps; NaN after its last step.
    loss_curve : tensor of shape (n_iter,)
        Outer loss of each step: the mean over the restarts of a group for the search, then the
        steps of the polish.
    labels : tensor of shape (R, n_rows)
        Labels of each restart, from :func:`restart_labels`.
    temperature : float
        The :func:`temperature` at which the labeling is as certain as two restarts agree.
    """

    model: LinearModel
    losses: torch.Tensor
    loss_curve: torch.Tensor
    labels: torch.Tensor
    temperature: float


@dataclass(frozen=True)
class Restarts:
    """The restarts of one strategy after the search.

    Attributes
    ----------
    model : LinearModel
        The restarts side by side.
    losses : list of tensor of shape (n_steps, R of the group)
        Losses of each group of restarts.
    stopped : bool
        True if the observer ended the search, which skips the groups that follow.
    """

    model: LinearModel
    losses: list[torch.Tensor]
    stopped: bool


@dataclass(frozen=True)
class Found:
    """The labeling of the rows of a view.

    Attributes
    ----------
    model : LinearModel
        The merged and polished labeling.
    labels : tensor of shape (n_rows,), int64, or None
        Its labels after the regrouping; None if the rows are not averaged.
    losses, loss_curve : tensors
        As those of :class:`RestartsSolution`.
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

    def to(self, device: torch.device | str) -> "Found":
        """The same, on another device."""
        model = LinearModel(
            [weight.to(device) for weight in self.model.weights],
            [bias.to(device) for bias in self.model.biases],
            self.model.n_clusters,
        )
        tensors = (self.losses.to(device), self.loss_curve.to(device), self.of_restarts.to(device))
        labels = None if self.labels is None else self.labels.to(device)
        return Found(model, labels, *tensors, self.agreement)


def solve_restarts(
    spaces: Sequence[FeatureSpace],
    strategy: Strategy,
    draws: Draws,
    *,
    observer: Observer | None = None,
) -> RestartsSolution:
    """Train restarts side by side, merge them into one labeling, and polish it.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces.
    strategy : Strategy
        How to find the labeling.
    draws, observer
        As for :func:`solve`.

    Returns
    -------
    RestartsSolution
    """
    view = _view(spaces, strategy, draws)
    processes = spaces[0].shard.processes
    if processes is ALONE or view.neighbors is None:
        (found,) = _find(view, spaces, [strategy], draws, observer)
    else:
        # all processes have the same averages: one of them works, so that all get the same result
        own: list[Found] = []
        with processes.together():
            if processes.rank == 0:
                own += _find(view, spaces, [strategy], draws, observer)
        everywhere: list[list[Found]] = processes.collect([one.to("cpu") for one in own])
        found = everywhere[0][0].to(spaces[0].device)
    return _solution(found, view, spaces)


def solve_strategies(
    spaces: Sequence[FeatureSpace], strategies: Sequence[Strategy], draws: Draws
) -> Iterator[RestartsSolution]:
    """Solve several strategies, each with the result of :func:`solve_restarts`.

    Parameters
    ----------
    spaces, draws
        As for :func:`solve_restarts`, of a fit in a single process.
    strategies : list of Strategy
        With the same numbers of components and neighbors, and searches that differ in
        OF_A_RESTART only.

    Yields
    ------
    RestartsSolution
        One per strategy, in order.
    """
    view = _view(spaces, strategies[0], draws)
    size = pack_size(strategies[0].search)
    for first in range(0, len(strategies), size):
        pack = strategies[first : first + size]
        for found in _find(view, spaces, pack, draws.copy(), None):
            yield _solution(found, view, spaces)


def solve_from_labels(
    spaces: Sequence[FeatureSpace], labels: torch.Tensor, strategy: Strategy, draws: Draws
) -> RestartsSolution:
    """Start from a labeling that is fitted to labels, instead of one from restarts.

    Single rows may get other labels, but the clusters stay those of the labels.

    Parameters
    ----------
    labels : tensor of shape (n_samples,), int64
        Cluster of each row; -1 if unknown.
    spaces, strategy, draws
        As for :func:`solve_restarts`.

    Returns
    -------
    RestartsSolution
        As of a single restart that took no step.
    """
    view = _view(spaces, strategy, draws, wanted=(labels >= 0).nonzero()[:, 0])
    if view.indices is not None:
        labels = labels[view.indices]
    prepare_small(view.spaces, held_bytes(strategy.search, spaces))
    model = fit_to_labels(view.spaces, labels, strategy.search, draws)
    no_losses = torch.empty(0, 1, dtype=strategy.search.dtype, device=spaces[0].device)
    if view.neighbors is None:
        restarts = Restarts(model, [no_losses], stopped=False)
        return _solution(_merged_and_polished(restarts, strategy, view, draws, None), view, spaces)
    fitted = restart_labels(model, view.spaces, len(labels))
    labels = torch.where(labels < 0, fitted[0].cpu(), labels).to(fitted.device)
    if strategy.polish_iter > 0:
        labels = regrouped(labels, view.neighbors, model.n_clusters, joins=False)
    found = Found(model, labels, no_losses, no_losses[:, 0], fitted, agreement=1.0)
    return _solution(found, view, spaces)


def search_labeling(
    projected: Sequence[Space], indices: torch.Tensor, strategy: Strategy, draws: Draws
) -> LinearModel:
    """Find a labeling from some of the rows.

    Parameters
    ----------
    projected : list of Space
        The spaces of the search, from :func:`project`, of a fit in a single process.
    indices : tensor of shape (n_rows,), int64
        Indices of the rows to use, in increasing order.
    strategy : Strategy
        How to find the labeling.
    draws : Draws
        Source of the initial weights and of the mini-batches.

    Returns
    -------
    LinearModel
        The labeling, of the projected spaces.
    """
    if strategy.n_neighbors == 0:
        rows = [RowsOfSpace(space, indices) for space in projected]
        view = View(rows)
    else:
        most = averaged_rows(strategy.search.n_clusters)
        indices = indices[spread_rows(len(indices), most)]
        view = View.of_rows(projected, indices, strategy.n_neighbors)
    prepare_small(view.spaces, held_bytes(strategy.search, view.spaces))
    restarts = _search_in_groups(view.spaces, strategy.search, draws, None)
    found = _merged_and_polished(restarts, strategy, view, draws, None)
    return _linear(found, view, projected)


def n_steps(strategy: Strategy) -> int:
    """Largest number of outer steps of a strategy."""
    search = strategy.search
    return search.max_iter * n_groups(search) + strategy.polish_iter


def _view(
    spaces: Sequence[FeatureSpace],
    strategy: Strategy,
    draws: Draws,
    wanted: torch.Tensor | None = None,
) -> View:
    return View.of(
        spaces,
        draws,
        n_components=strategy.n_components,
        n_neighbors=strategy.n_neighbors,
        n_clusters=strategy.search.n_clusters,
        wanted=wanted,
    )


def _find(
    view: View,
    spaces: Sequence[FeatureSpace],
    strategies: Sequence[Strategy],
    draws: Draws,
    observer: Observer | None,
) -> Iterator[Found]:
    """Find the labelings of strategies whose restarts are trained side by side."""
    searches = [strategy.search for strategy in strategies]
    prepare_small(view.spaces, held_bytes(searches[0], spaces))
    observer = UnprojectingObserver(observer, view.spaces)
    trained = _search(view.spaces, searches, draws, observer)
    for strategy, restarts in zip(strategies, trained, strict=True):
        yield _merged_and_polished(restarts, strategy, view, draws.copy(), observer)


def _search(
    spaces: Sequence[Space], searches: list[Settings], draws: Draws, observer: Observer
) -> list[Restarts]:
    """Train the restarts of all strategies side by side."""
    if len(searches) == 1:
        return [_search_in_groups(spaces, searches[0], draws, observer)]
    n_restarts = searches[0].n_restarts
    differing: dict[str, Any] = {
        name: torch.tensor([float(getattr(search, name)) for search in searches]).repeat_interleave(
            n_restarts
        )
        for name in OF_A_RESTART
    }
    joint = replace(searches[0], n_restarts=n_restarts * len(searches), **differing)
    solution = solve(spaces, joint, RepeatedDraws(draws, len(searches)), observer=observer)
    return [
        Restarts(
            solution.model.restarts(start, start + n_restarts),
            [solution.losses[:, start : start + n_restarts]],
            solution.stopped,
        )
        for start in range(0, joint.n_restarts, n_restarts)
    ]


def _search_in_groups(
    spaces: Sequence[Space], search: Settings, draws: Draws, observer: Observer | None
) -> Restarts:
    models, losses, stopped = [], [], False
    for group in torch.arange(search.n_restarts).tensor_split(n_groups(search)):
        settings = replace(search, n_restarts=len(group))
        solution = solve(spaces, settings, draws, observer=observer)
        models.append(solution.model)
        losses.append(solution.losses)
        stopped = solution.stopped
        if stopped:
            break
    return Restarts(side_by_side(models), losses, stopped)


def _merged_and_polished(
    restarts: Restarts,
    strategy: Strategy,
    view: View,
    draws: Draws,
    observer: Observer | None,
) -> Found:
    """The labeling of the rows of a view that restarts lead to."""
    model, agreement = restarts.model, 1.0
    of_restarts = restart_labels(model, view.spaces)
    if model.n_restarts > 1:
        model, agreement = merge(model, of_restarts)
    loss_curves = [of_group.mean(1) for of_group in restarts.losses]
    if strategy.polish_iter > 0 and not restarts.stopped:
        solution = polish(
            model,
            view.spaces,
            strategy.search,
            draws,
            n_iter=strategy.polish_iter,
            sizes_known=strategy.sizes_known,
            observer=observer,
        )
        model = solution.model
        loss_curves.append(solution.losses[:, 0])
    labels = None
    if view.neighbors is not None:
        free = not strategy.sizes_known
        labels = regrouped(
            restart_labels(model, view.spaces, len(view.neighbors))[0].long(),
            view.neighbors,
            model.n_clusters,
            joins=free,
            rows=free,
        )
    losses = _beside(restarts.losses)
    return Found(model, labels, losses, torch.cat(loss_curves), of_restarts, agreement)


def _linear(found: Found, view: View, spaces: Sequence[Space]) -> LinearModel:
    """The labeling as a linear model of spaces."""
    if found.labels is None or view.indices is None:
        return found.model
    return distilled(spaces, view.indices, found.labels, found.model.n_clusters)


def _solution(found: Found, view: View, spaces: Sequence[FeatureSpace]) -> RestartsSolution:
    model = _linear(found, view, spaces)
    if found.labels is None:
        model = unproject(model, view.spaces)
    return RestartsSolution(
        model,
        found.losses,
        found.loss_curve,
        found.of_restarts,
        temperature(model, spaces, found.agreement),
    )


def _beside(losses: list[torch.Tensor]) -> torch.Tensor:
    """Losses of all groups side by side, (n_steps, R), padded with NaN."""
    n_steps = max(map(len, losses))
    padded = [of_group.new_full((n_steps, of_group.shape[1]), torch.nan) for of_group in losses]
    for padding, of_group in zip(padded, losses, strict=True):
        padding[: len(of_group)] = of_group
    return torch.cat(padded, 1)
