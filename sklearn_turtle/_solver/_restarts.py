"""Restarts: several labellings trained side by side, of which one model is made."""

from dataclasses import dataclass

import torch

from sklearn_turtle._solver._bilevel import solve
from sklearn_turtle._solver._labelling import LinearModel, label_probabilities


@dataclass(frozen=True)
class RestartsSolution:
    """What :func:`solve_restarts` found.

    Attributes
    ----------
    model : LinearModel
        One labelling.
    loss_curve : tensor of shape (n_iter,)
        Outer loss (Eq. 12) of each step.
    labels : tensor of shape (R, n_samples)
        Labels of each restart.
    """

    model: LinearModel
    loss_curve: torch.Tensor
    labels: torch.Tensor


def solve_restarts(spaces, settings, draws, *, observer=None):
    """Train restarts side by side and keep the one of the lowest loss.

    Parameters are those of :func:`solve`.

    Returns
    -------
    RestartsSolution
    """
    solution = solve(spaces, settings, draws, observer=observer)
    best = int(solution.losses[-10:].mean(0).argmin())
    labels = restart_labels(solution.model, spaces)
    return RestartsSolution(solution.model.restart(best), solution.losses[:, best], labels)


def restart_labels(model, spaces):
    """Labels of all rows in each restart, a tensor of shape (R, n_samples)."""
    n_samples = spaces[0].n_samples
    labels = torch.empty(model.n_restarts, n_samples, dtype=torch.int32, device=spaces[0].device)

    def write(rows, probabilities):
        labels[:, rows] = probabilities.argmax(-1).T.to(torch.int32)

    label_probabilities(model, lambda k, rows: spaces[k].batch(rows), n_samples, write)
    return labels
