"""Restarts: several labellings trained side by side, of which one model is made."""

from dataclasses import dataclass

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._labelling import LinearModel, label_probabilities
from sklearn_turtle._solver._merging import merge


@dataclass(frozen=True)
class RestartsSolution:
    """What :func:`solve_restarts` found.

    Attributes
    ----------
    model : LinearModel
        One labelling.
    loss_curve : tensor of shape (n_iter,)
        Outer loss (Eq. 12) of each step, the mean over the restarts while there are several.
    labels : tensor of shape (R, n_samples)
        Labels of each restart.
    """

    model: LinearModel
    loss_curve: torch.Tensor
    labels: torch.Tensor


def solve_restarts(spaces, search, polish, draws, *, observer=None):
    """Train restarts side by side, merge them into one labelling, and polish it.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces.
    search : Settings
        Settings of the restarts.
    polish : Settings or None
        Settings of the steps on the merged labelling; None for no such steps.
    draws, observer
        As for :func:`solve`.

    Returns
    -------
    RestartsSolution
    """
    solution = solve(spaces, search, draws, observer=observer)
    labels = restart_labels(solution.model, spaces)
    model, loss_curve = solution.model, solution.losses.mean(1)
    if search.n_restarts > 1:
        model = merge(model, labels)
    if polish is not None:
        polished = solve(spaces, polish, draws, initial=model, observer=observer)
        model = polished.model
        loss_curve = torch.cat([loss_curve, polished.losses[:, 0]])
    return RestartsSolution(model, loss_curve, labels)


def restart_labels(model, spaces):
    """Labels of all rows in each restart, a tensor of shape (R, n_samples)."""
    n_samples = spaces[0].n_samples
    labels = torch.empty(model.n_restarts, n_samples, dtype=torch.int32, device=spaces[0].device)

    def write(rows, probabilities):
        labels[:, rows] = probabilities.argmax(-1).T.to(torch.int32)

    label_probabilities(model, lambda k, rows: spaces[k].batch(rows), n_samples, write)
    return labels
