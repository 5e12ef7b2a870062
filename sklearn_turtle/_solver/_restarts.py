"""Restarts: several labellings trained side by side, of which one model is made."""

from dataclasses import dataclass

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._labelling import LinearModel, restart_labels
from sklearn_turtle._solver._merging import merge
from sklearn_turtle._solver._polishing import polish
from sklearn_turtle._solver._projection import UnprojectingObserver, project, unproject


@dataclass(frozen=True)
class RestartsSolution:
    """What :func:`solve_restarts` found.

    Attributes
    ----------
    model : LinearModel
        One labelling.
    loss_curve : tensor of shape (n_iter,)
        Outer loss (Eq. 12) of each step, the mean over the restarts while there are several.
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
    solution = solve(projected, search, draws, observer=UnprojectingObserver(observer, projected))
    labels = restart_labels(solution.model, projected)
    model, loss_curve = solution.model, solution.losses.mean(1)
    if search.n_restarts > 1:
        model = merge(model, labels)
    if polish_iter == 0 or solution.stopped:
        model = unproject(model, projected)
    else:
        model, losses = polish(
            model,
            projected,
            spaces,
            search,
            draws,
            n_iter=polish_iter,
            sizes_known=sizes_known,
            observer=observer,
        )
        loss_curve = torch.cat([loss_curve, losses])
    return RestartsSolution(model, loss_curve, labels)
