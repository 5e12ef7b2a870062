"""Train several labelings side by side.

Strategies that differ in gamma or in their rates can share the work: their restarts are further
columns of the same matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._solve import solve
from sklearn_turtle._solver.rows._draws import Draws, RepeatedDraws
from sklearn_turtle._solver.rows._view import View
from sklearn_turtle._solver.step._linear_model import LinearModel, side_by_side
from sklearn_turtle._solver.strategy._groups import n_groups

# Settings in which restarts that are trained side by side may differ.
OF_A_RESTART = ("gamma", "inner_lr", "outer_lr")


@dataclass(frozen=True)
class Restarts:
    """The restarts of one strategy after the search.

    Attributes
    ----------
    model : LinearModel
        The restarts side by side.
    losses : list of tensor of shape (n_steps, R of the group)
        Outer loss (Eq. 12) of each step, for each group of restarts.
    stopped : bool
        True if the observer ended the search, which skips the groups that follow.
    """

    model: LinearModel
    losses: list[torch.Tensor]
    stopped: bool


def train_restarts(
    view: View, search: Settings, draws: Draws, observer: Observer | None = None
) -> Restarts:
    """Train restarts, in groups that fit into memory.

    Parameters
    ----------
    view : View
        What the restarts see of the data.
    search : Settings
        Settings of the restarts.
    draws, observer
        As for :func:`solve`.

    Returns
    -------
    Restarts
    """
    models, losses, stopped = [], [], False
    for group in torch.arange(search.n_restarts).tensor_split(n_groups(search)):
        settings = replace(search, n_restarts=len(group))
        solution = solve(view.spaces, settings, draws, weights=view.weights, observer=observer)
        models.append(solution.model)
        losses.append(solution.losses)
        stopped = solution.stopped
        if stopped:
            break
    return Restarts(side_by_side(models), losses, stopped)


def train_together(
    view: View, searches: Sequence[Settings], draws: Draws, observer: Observer | None = None
) -> list[Restarts]:
    """Train the restarts of several searches side by side.

    Parameters
    ----------
    view, draws, observer
        As for :func:`train_restarts`.
    searches : list of Settings
        They differ in OF_A_RESTART only.

    Returns
    -------
    list of Restarts
        Those of each search.
    """
    if len(searches) == 1:
        return [train_restarts(view, searches[0], draws, observer)]
    n_restarts = searches[0].n_restarts
    differing: dict[str, Any] = {
        name: torch.tensor([float(getattr(search, name)) for search in searches]).repeat_interleave(
            n_restarts
        )
        for name in OF_A_RESTART
    }
    joint = replace(searches[0], n_restarts=n_restarts * len(searches), **differing)
    repeated = RepeatedDraws(draws, len(searches))
    solution = solve(view.spaces, joint, repeated, weights=view.weights, observer=observer)
    return [
        Restarts(
            solution.model.restarts(start, start + n_restarts),
            [solution.losses[:, start : start + n_restarts]],
            solution.stopped,
        )
        for start in range(0, joint.n_restarts, n_restarts)
    ]
