"""Restarts: several labelings trained side by side, of which one model is made.

Several strategies, which differ in gamma or in their rates, can share the work: their restarts are
further columns of the same matrices.
"""

from dataclasses import dataclass, replace

import torch

from sklearn_turtle._solver.loop._bilevel import solve
from sklearn_turtle._solver.rows._draws import RepeatedDraws
from sklearn_turtle._solver.rows._feature_space import RowsOfSpace, prepare_small
from sklearn_turtle._solver.rows._projection import project
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels, side_by_side
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle._solver.strategy._from_labels import fit_to_labels
from sklearn_turtle._solver.strategy._groups import _held_bytes, _n_groups, _pack_size
from sklearn_turtle._solver.strategy._merging import merge
from sklearn_turtle._solver.strategy._polishing import n_phases, polish, polish_in_each_way
from sklearn_turtle._solver.strategy._projection import UnprojectingObserver, unproject

# What restarts that are trained side by side may differ in.
OF_A_RESTART = ("gamma", "inner_lr", "outer_lr")


@dataclass(frozen=True)
class RestartsSolution:
    """What was found for a strategy.

    Attributes
    ----------
    model : LinearModel
        One labeling.
    losses : tensor of shape (n_steps, R)
        Outer loss (Eq. 12) of each restart at each of its steps; NaN where it took no more.
    loss_curve : tensor of shape (n_iter,)
        Outer loss of each step: those of each group of restarts, the mean over the group, and
        those of the polish.
    labels : tensor of shape (R, n_rows)
        Labels of each restart, as :func:`restart_labels` gives them.
    temperature : float
        The :func:`temperature` at which the labeling is as certain as two restarts agree.
    """

    model: LinearModel
    losses: torch.Tensor
    loss_curve: torch.Tensor
    labels: torch.Tensor
    temperature: float


def search_labelings(projected, rows, strategy, draws):
    """Find a labeling by some of the rows, polished in each way.

    Parameters
    ----------
    projected : list of ProjectedSpace or FeatureSpace
        What the restarts see, as :func:`project` gives it, of a fit in a single process.
    rows : tensor of shape (n_rows,), int64
        The rows that they see, in the order in which they lie.
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
    prepare_small(projected, _held_bytes(search, projected))
    seen = [RowsOfSpace(space, rows) for space in projected]
    model, _, _ = _search_in_groups(seen, search, draws, observer=None)
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


def solve_restarts(spaces, strategy, draws, *, observer=None):
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


def solve_strategies(spaces, strategies, draws, *, observer=None):
    """Solve for several strategies, as :func:`solve_restarts` would for each of them.

    Parameters
    ----------
    spaces, draws, observer
        As for :func:`solve_restarts`.
    strategies : list of Strategy
        They have the same number of components, and searches that differ in nothing but
        OF_A_RESTART.

    Yields
    ------
    RestartsSolution
        One a strategy, in their order.
    """
    projected = project(spaces, strategies[0].n_components, draws)
    pack_size = _pack_size(strategies[0].search)
    held_bytes = _held_bytes(strategies[0].search, spaces)
    for first in range(0, len(strategies), pack_size):
        pack = strategies[first : first + pack_size]
        prepare_small(projected, held_bytes)
        of_pack = draws.copy()
        found = _search(
            projected,
            [strategy.search for strategy in pack],
            of_pack,
            UnprojectingObserver(observer, projected),
        )
        for strategy, (model, losses, stopped) in zip(pack, found, strict=True):
            of_strategy = of_pack.copy()
            prepare_small(projected, held_bytes)  # the polish before may have released them
            yield _merged_and_polished(
                model, losses, stopped, strategy, projected, spaces, of_strategy, observer
            )


def solve_from_labels(spaces, labels, strategy, draws, *, observer=None):
    """Polish a labeling that is fitted to labels, in place of one that restarts found.

    Parameters
    ----------
    labels : tensor of shape (n_samples,), int64
        Cluster of each row; -1 where it is not known.
    spaces, strategy, draws, observer
        As for :func:`solve_restarts`.

    Returns
    -------
    RestartsSolution
        As of a single restart that took no step.
    """
    projected = project(spaces, strategy.n_components, draws)
    prepare_small(projected, _held_bytes(strategy.search, spaces))
    model = fit_to_labels(projected, labels, strategy.search, draws)
    no_losses = torch.empty(0, 1, dtype=strategy.search.dtype, device=spaces[0].device)
    return _merged_and_polished(
        model, [no_losses], False, strategy, projected, spaces, draws, observer
    )


def n_steps(strategy):
    """Number of outer steps at most."""
    search = strategy.search
    of_polish = strategy.polish_iter * n_phases(search, strategy.sizes_known)
    return search.max_iter * _n_groups(search) + of_polish


def _search(spaces, searches, draws, observer):
    """Train the restarts of strategies that are trained side by side.

    Returns
    -------
    list of (LinearModel, list of tensors of shape (n_steps, R of the group), bool)
        For each strategy, its restarts side by side, the losses of each group of them, and
        whether the observer ended the optimization, which leaves out the groups that follow.
    """
    if len(searches) == 1:
        return [_search_in_groups(spaces, searches[0], draws, observer)]
    n_restarts = searches[0].n_restarts
    differing = {
        name: torch.tensor([float(getattr(search, name)) for search in searches]).repeat_interleave(
            n_restarts
        )
        for name in OF_A_RESTART
    }
    joint = replace(searches[0], n_restarts=n_restarts * len(searches), **differing)
    solution = solve(spaces, joint, RepeatedDraws(draws, len(searches)), observer=observer)
    starts = range(0, joint.n_restarts, n_restarts)
    return [
        (
            solution.model.restarts(start, start + n_restarts),
            [solution.losses[:, start : start + n_restarts]],
            solution.stopped,
        )
        for start in starts
    ]


def _search_in_groups(spaces, search, draws, observer):
    models, losses, stopped = [], [], False
    for group in torch.arange(search.n_restarts).tensor_split(_n_groups(search)):
        settings = replace(search, n_restarts=len(group))
        solution = solve(spaces, settings, draws, observer=observer)
        models.append(solution.model)
        losses.append(solution.losses)
        stopped = solution.stopped
        if stopped:
            break
    return side_by_side(models), losses, stopped


def _merged_and_polished(model, losses, stopped, strategy, projected, spaces, draws, observer):
    labels, agreement = restart_labels(model, projected), 1.0
    if model.n_restarts > 1:
        model, agreement = merge(model, labels)
    loss_curves = [of_group.mean(1) for of_group in losses]
    if strategy.polish_iter == 0 or stopped:
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
        _beside(losses),
        torch.cat(loss_curves),
        labels,
        temperature(model, spaces, agreement),
    )


def _beside(losses):
    """Losses of groups that may differ in their number of steps, (n_steps, R)."""
    padded = [
        of_group.new_full((max(map(len, losses)), of_group.shape[1]), torch.nan)
        for of_group in losses
    ]
    for padding, of_group in zip(padded, losses, strict=True):
        padding[: len(of_group)] = of_group
    return torch.cat(padded, 1)
