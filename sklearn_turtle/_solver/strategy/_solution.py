"""From the spaces to the solution of a fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import (
    FeatureSpace,
    RowsOfSpace,
    Space,
    prepare_small,
)
from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.rows._projection import project
from sklearn_turtle._solver.rows._view import View, rows_to_average
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle._solver.strategy._from_labels import fit_to_labels
from sklearn_turtle._solver.strategy._groups import held_bytes, n_groups, pack_size
from sklearn_turtle._solver.strategy._labeling import Labeling, labels_of, one_labeling
from sklearn_turtle._solver.strategy._polishing import N_SIZE_POLISHES
from sklearn_turtle._solver.strategy._projection import UnprojectingObserver, unproject
from sklearn_turtle._solver.strategy._regrouping import regrouped
from sklearn_turtle._solver.strategy._restarts import Restarts, train_restarts, train_together
from sklearn_turtle._solver.strategy._space_weights import SpaceWeights, space_weights
from sklearn_turtle._solver.strategy._strategy import Strategy


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
    space_weights : SpaceWeights
        How much each space counts.
    """

    model: LinearModel
    losses: torch.Tensor
    loss_curve: torch.Tensor
    labels: torch.Tensor
    temperature: float
    space_weights: SpaceWeights


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
    view, weights = _view(spaces, strategy, draws)
    processes = spaces[0].shard.processes
    if processes is ALONE or view.neighbors is None:
        (found,) = _find(view, spaces, [strategy], draws, observer)
    else:
        # all processes have the same averages: one of them works, so that all get the same result
        own: list[Labeling] = []
        with processes.together():
            if processes.rank == 0:
                own += _find(view, spaces, [strategy], draws, observer)
        everywhere: list[list[Labeling]] = processes.collect([one.to("cpu") for one in own])
        found = everywhere[0][0].to(spaces[0].device)
    return _solution(found, view, weights, spaces)


def solve_strategies(
    spaces: Sequence[FeatureSpace], strategies: Sequence[Strategy], draws: Draws
) -> Iterator[RestartsSolution]:
    """Solve several strategies, each with the result of :func:`solve_restarts`.

    Parameters
    ----------
    spaces, draws
        As for :func:`solve_restarts`, of a fit in a single process.
    strategies : list of Strategy
        With the same numbers of components and neighbors and the same weights of the spaces, and
        searches that differ in OF_A_RESTART only.

    Yields
    ------
    RestartsSolution
        One per strategy, in order.
    """
    view, weights = _view(spaces, strategies[0], draws)
    size = pack_size(strategies[0].search)
    for first in range(0, len(strategies), size):
        pack = strategies[first : first + size]
        for found in _find(view, spaces, pack, draws.copy(), None):
            yield _solution(found, view, weights, spaces)


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
    view, weights = _view(spaces, strategy, draws, wanted=(labels >= 0).nonzero()[:, 0])
    if view.indices is not None:
        labels = labels[view.indices]
    prepare_small(view.spaces, held_bytes(strategy.search, spaces))
    model = fit_to_labels(view.spaces, labels, strategy.search, draws)
    no_losses = torch.empty(0, 1, dtype=strategy.search.dtype, device=spaces[0].device)
    if view.neighbors is None:
        restarts = Restarts(model, [no_losses], stopped=False)
        return _solution(one_labeling(restarts, strategy, view, draws), view, weights, spaces)
    fitted = labels_of(model, view)
    labels = torch.where(labels < 0, fitted[0].cpu(), labels).to(fitted.device)
    if strategy.polish_iter > 0:
        labels = regrouped(labels, view.neighbors, model.n_clusters, joins=False)
    found = Labeling(model, labels, no_losses, no_losses[:, 0], fitted, agreement=1.0)
    return _solution(found, view, weights, spaces)


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
    weights = space_weights(projected, strategy, draws).weights
    if strategy.n_neighbors == 0:
        view = View([RowsOfSpace(space, indices) for space in projected], weights)
    else:
        indices = indices[rows_to_average(len(indices), strategy.search.n_clusters)]
        view = View.averaged(projected, weights, indices, strategy.n_neighbors)
    prepare_small(view.spaces, held_bytes(strategy.search, view.spaces))
    restarts = train_restarts(view, strategy.search, draws)
    return one_labeling(restarts, strategy, view, draws).of_spaces(projected, view)


def _view(
    spaces: Sequence[FeatureSpace],
    strategy: Strategy,
    draws: Draws,
    wanted: torch.Tensor | None = None,
) -> tuple[View, SpaceWeights]:
    projected = project(spaces, strategy.n_components, draws)
    found = space_weights(projected, strategy, draws)
    if strategy.n_neighbors == 0:
        return View(projected, found.weights), found
    n_samples, n_clusters = projected[0].shard.n_samples, strategy.search.n_clusters
    indices = rows_to_average(n_samples, n_clusters, wanted)
    return View.averaged(projected, found.weights, indices, strategy.n_neighbors), found


def _find(
    view: View,
    spaces: Sequence[FeatureSpace],
    strategies: Sequence[Strategy],
    draws: Draws,
    observer: Observer | None,
) -> Iterator[Labeling]:
    """Find the labelings of strategies whose restarts are trained side by side."""
    searches = [strategy.search for strategy in strategies]
    prepare_small(view.spaces, held_bytes(searches[0], spaces))
    observer = UnprojectingObserver(observer, view.spaces)
    trained = train_together(view, searches, draws, observer)
    for strategy, restarts in zip(strategies, trained, strict=True):
        yield one_labeling(restarts, strategy, view, draws.copy(), observer)


def _solution(
    found: Labeling, view: View, weights: SpaceWeights, spaces: Sequence[FeatureSpace]
) -> RestartsSolution:
    model = found.of_spaces(spaces, view)
    if found.labels is None:
        model = unproject(model, view.spaces)
    return RestartsSolution(
        model,
        found.losses,
        found.loss_curve,
        found.of_restarts,
        temperature(model, spaces, found.agreement),
        weights,
    )


def n_steps(strategy: Strategy) -> int:
    """Largest number of outer steps of a strategy."""
    search = strategy.search
    n_polishes = 1 if strategy.n_neighbors == 0 else 1 + N_SIZE_POLISHES
    return search.max_iter * n_groups(search) + n_polishes * strategy.polish_iter
