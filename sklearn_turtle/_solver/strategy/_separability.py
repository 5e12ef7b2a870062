"""How well linear classifiers predict a labeling on held-out rows."""

from collections.abc import Sequence

import torch

from sklearn_turtle._solver.rows._chunks import spread_rows
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels

# Enough rows for a comparison.
SEPARATED_ROWS = 10_000
# A share of the mean variance of a feature.
RIDGE = 0.01


def leave_one_out_accuracy(model: LinearModel, spaces: Sequence[Space]) -> torch.Tensor:
    """Share of rows whose labels a linear classifier of all other rows gets right.

    A fast relative of the paper's generalization score: ridge regression on the indicators of
    the clusters. The residual of a row that is left out is its residual in the regression on
    all rows, divided by one minus its leverage (the PRESS statistic: D. M. Allen, "The
    relationship between variable selection and data augmentation and a method for prediction",
    Technometrics 16(1), 1974).

    Parameters
    ----------
    model : LinearModel
        Restarts side by side.
    spaces : list of Space
        The spaces.

    Returns
    -------
    tensor of shape (R,), float64
        Between 0 and 1, the mean over spaces, for each restart.
    """
    labels = restart_labels(model, spaces, SEPARATED_ROWS).long()
    shard = spaces[0].shard
    rows = spread_rows(shard.n_samples, SEPARATED_ROWS)
    accuracies = torch.zeros(len(labels), dtype=torch.float64, device=labels.device)
    for space in spaces:
        z = space.gathered(rows)
        z = z - z.mean(0)
        finite = torch.finfo(z.dtype)
        gram = z.T @ z
        gram.diagonal().add_(RIDGE * gram.diagonal().mean() + finite.tiny)
        solved = torch.linalg.solve_ex(gram, z.T).result
        leverage = (z * solved.T).sum(1) + 1 / len(z)
        ratio = leverage / (1 - leverage).clamp_min(finite.eps)
        for restart, of_restart in enumerate(labels):
            indicators = torch.nn.functional.one_hot(of_restart, model.n_clusters).to(z)
            fitted = z @ (solved @ indicators) + indicators.mean(0)
            left_out = fitted - ratio[:, None] * (indicators - fitted)
            accuracies[restart] += (left_out.argmax(1) == of_restart).double().mean()
    return shard.processes.broadcast_(accuracies / len(spaces))
