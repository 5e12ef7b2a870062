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
from sklearn_turtle._solver.rows._draws import Draws, RepeatedDraws
from sklearn_turtle._solver.rows._feature_space import (
    FeatureSpace,
    RowsOfSpace,
    Space,
    prepare_small,
)
from sklearn_turtle._solver.rows._projection import project
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels, side_by_side
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle._solver.strategy._from_labels import fit_to_labels
from sklearn_turtle._solver.strategy._groups import held_bytes, n_groups, pack_size
from sklearn_turtle._solver.strategy._merging import merge
from sklearn_turtle._solver.strategy._polishing import n_phases, polish, polish_in_each_way
from sklearn_turtle._solver.strategy._projection import UnprojectingObserver, unproject
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
class Found:
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


def search_labelings(
    projected: Sequence[Space], rows: torch.Tensor, strategy: Strategy, draws: Draws
) -> list[LinearModel]:
    """Find a labeling from some of the rows, and polish it in each way.

    Parameters
    ----------
    projected : list of Space
        The spaces of the search, from :func:`project`, of a fit in a single process.
    rows : tensor of shape (n_rows,), int64
        Indices of the rows to use, in increasing order.
    strategy : Strategy
        How to find the labeling.
    draws : Draws
        Source of the initial weights and of the mini-batches.

    Returns
    -------
    list of LinearModel
        The labeling, of the projected spaces, for each way of polishing it; see
        :func:`polish_in_each_way`.
    """
    search = strategy.search
    prepare_small(projected, held_bytes(search, projected))
    seen = [RowsOfSpace(space, rows) for space in projected]
    model = _search_in_groups(seen, search, draws, None).model
    merged, _ = merge(model, restart_labels(model, seen))
    if strategy.polish_iter == 0:
        return [merged]
    return polish_in_each_way(
        merged,
        seen,
        search,
        draws,
        n_iter=strategy.polish_iter,
        sizes_known=strategy.sizes_known,
    )


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
    (solution,) = solve_strategies(spaces, [strategy], draws, observer=observer)
    return solution


def solve_strategies(
    spaces: Sequence[FeatureSpace],
    strategies: Sequence[Strategy],
    draws: Draws,
    *,
    observer: Observer | None = None,
) -> Iterator[RestartsSolution]:
    """Solve several strategies, each with the result of :func:`solve_restarts`.

    Parameters
    ----------
    spaces, draws, observer
        As for :func:`solve_restarts`.
    strategies : list of Strategy
        With the same number of components, and searches that differ in OF_A_RESTART only.

    Yields
    ------
    RestartsSolution
        One per strategy, in order.
    """
    projected = project(spaces, strategies[0].n_components, draws)
    size = pack_size(strategies[0].search)
    max_bytes = held_bytes(strategies[0].search, spaces)
    for first in range(0, len(strategies), size):
        pack = strategies[first : first + size]
        prepare_small(projected, max_bytes)
        of_pack = draws.copy()
        found = _search(
            projected,
            [strategy.search for strategy in pack],
            of_pack,
            UnprojectingObserver(observer, projected),
        )
        for strategy, of_strategy in zip(pack, found, strict=True):
            prepare_small(projected, max_bytes)  # the last polish may have released them
            yield _merged_and_polished(
                of_strategy, strategy, projected, spaces, of_pack.copy(), observer
            )


def solve_from_labels(
    spaces: Sequence[FeatureSpace],
    labels: torch.Tensor,
    strategy: Strategy,
    draws: Draws,
    *,
    observer: Observer | None = None,
) -> RestartsSolution:
    """Polish a labeling that is fitted to labels, instead of one from restarts.

    Parameters
    ----------
    labels : tensor of shape (n_samples,), int64
        Cluster of each row; -1 if unknown.
    spaces, strategy, draws, observer
        As for :func:`solve_restarts`.

    Returns
    -------
    RestartsSolution
        As of a single restart that took no step.
    """
    projected = project(spaces, strategy.n_components, draws)
    prepare_small(projected, held_bytes(strategy.search, spaces))
    model = fit_to_labels(projected, labels, strategy.search, draws)
    no_losses = torch.empty(0, 1, dtype=strategy.search.dtype, device=spaces[0].device)
    found = Found(model, [no_losses], stopped=False)
    return _merged_and_polished(found, strategy, projected, spaces, draws, observer)


def n_steps(strategy: Strategy) -> int:
    """Largest number of outer steps of a strategy."""
    search = strategy.search
    of_polish = strategy.polish_iter * n_phases(search, strategy.sizes_known)
    return search.max_iter * n_groups(search) + of_polish


def _search(
    spaces: Sequence[Space], searches: list[Settings], draws: Draws, observer: Observer
) -> list[Found]:
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
        Found(
            solution.model.restarts(start, start + n_restarts),
            [solution.losses[:, start : start + n_restarts]],
            solution.stopped,
        )
        for start in range(0, joint.n_restarts, n_restarts)
    ]


def _search_in_groups(
    spaces: Sequence[Space], search: Settings, draws: Draws, observer: Observer | None
) -> Found:
    models, losses, stopped = [], [], False
    for group in torch.arange(search.n_restarts).tensor_split(n_groups(search)):
        settings = replace(search, n_restarts=len(group))
        solution = solve(spaces, settings, draws, observer=observer)
        models.append(solution.model)
        losses.append(solution.losses)
        stopped = solution.stopped
        if stopped:
            break
    return Found(side_by_side(models), losses, stopped)


def _merged_and_polished(
    found: Found,
    strategy: Strategy,
    projected: Sequence[Space],
    spaces: Sequence[FeatureSpace],
    draws: Draws,
    observer: Observer | None,
) -> RestartsSolution:
    model, agreement = found.model, 1.0
    labels = restart_labels(model, projected)
    if model.n_restarts > 1:
        model, agreement = merge(model, labels)
    loss_curves = [of_group.mean(1) for of_group in found.losses]
    if strategy.polish_iter == 0 or found.stopped:
        model = unproject(model, projected)
    else:
        model, of_polish = polish(
            model,
            projected,
            spaces,
            strategy.search,
            draws,
            n_iter=strategy.polish_iter,
            sizes_known=strategy.sizes_known,
            observer=observer,
        )
        loss_curves.append(of_polish)
    return RestartsSolution(
        model,
        _beside(found.losses),
        torch.cat(loss_curves),
        labels,
        temperature(model, spaces, agreement),
    )


def _beside(losses: list[torch.Tensor]) -> torch.Tensor:
    """Losses of all groups side by side, (n_steps, R), padded with NaN."""
    n_steps = max(map(len, losses))
    padded = [of_group.new_full((n_steps, of_group.shape[1]), torch.nan) for of_group in losses]
    for padding, of_group in zip(padded, losses, strict=True):
        padding[: len(of_group)] = of_group
    return torch.cat(padded, 1)
