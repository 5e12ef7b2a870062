"""Restarts: several labellings trained side by side, of which one model is made."""

import math
from dataclasses import dataclass, replace

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._features import prepare_small
from sklearn_turtle._solver._labelling import LinearModel, restart_labels, side_by_side
from sklearn_turtle._solver._merging import merge
from sklearn_turtle._solver._polishing import polish
from sklearn_turtle._solver._projection import UnprojectingObserver, project, unproject

# Restarts that share every product are trained at the least cost; of large problems a single
# restart is work enough, and several would only take memory.
GROUP_VALUES = 1 << 22

# What the rows that the search draws may take where they are prepared, together with the tensors
# of a step; rows of larger spaces are computed as they are drawn.
HELD_BYTES = 384 * 2**20


@dataclass(frozen=True)
class RestartsSolution:
    """What :func:`solve_restarts` found.

    Attributes
    ----------
    model : LinearModel
        One labelling.
    loss_curve : tensor of shape (n_iter,)
        Outer loss (Eq. 12) of each step, the mean over the restarts that took it.
    labels : tensor of shape (R, n_rows)
        Labels of each restart, as :func:`restart_labels` gives them.
    """

    model: LinearModel
    loss_curve: torch.Tensor
    labels: torch.Tensor


def solve_restarts(spaces, search, draws, *, n_components, polish_iter, sizes_known, observer=None):
    """Train restarts side by side, merge them into one labelling, and polish it.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces.
    search : Settings
        Settings of the restarts.
    draws, observer
        As for :func:`solve`.
    n_components : int or None
        Number of rotated principal axes that the restarts see; see :func:`project`.
    polish_iter : int
        Number of outer steps on the merged labelling.
    sizes_known : bool
        See :func:`polish`.

    Returns
    -------
    RestartsSolution
    """
    projected = project(spaces, n_components, draws)
    prepare_small(projected, HELD_BYTES - _step_bytes(search, len(spaces)))
    model, losses, stopped = _search(
        projected, search, draws, UnprojectingObserver(observer, projected)
    )
    labels = restart_labels(model, projected)
    if model.n_restarts > 1:
        model = merge(model, labels)
    if polish_iter == 0 or stopped:
        model = unproject(model, projected)
    else:
        model, of_polish = polish(
            model,
            projected,
            spaces,
            search,
            draws,
            n_iter=polish_iter,
            sizes_known=sizes_known,
            observer=observer,
        )
        losses.append(of_polish)
    return RestartsSolution(model, torch.cat(losses), labels)


def n_groups(search):
    """Number of groups in which the restarts are trained, one after the other.

    As many are trained side by side as keep the largest tensors of a step within GROUP_VALUES.
    """
    return math.ceil(search.n_restarts / _in_a_group(search))


def _in_a_group(search):
    at_most = GROUP_VALUES // (search.batch_size * search.n_clusters)
    return min(search.n_restarts, max(1, at_most))


def _step_bytes(search, n_spaces):
    # labels and log-probabilities of a mini-batch: one tensor a space, and four
    n_values = search.batch_size * search.n_clusters * _in_a_group(search)
    return (n_spaces + 4) * n_values * search.dtype.itemsize


def _search(spaces, search, draws, observer):
    """Train the restarts, group by group.

    Returns
    -------
    model : LinearModel
        All restarts side by side.
    losses : list of tensors of shape (n_steps,)
        Loss of the steps of each group, the mean over its restarts.
    stopped : bool
        Whether the observer ended the optimisation, which leaves out the groups that follow.
    """
    models, losses, stopped = [], [], False
    for group in torch.arange(search.n_restarts).tensor_split(n_groups(search)):
        settings = replace(search, n_restarts=len(group))
        solution = solve(spaces, settings, draws, observer=observer)
        models.append(solution.model)
        losses.append(solution.losses.mean(1))
        stopped = solution.stopped
        if stopped:
            break
    return side_by_side(models), losses, stopped
