"""TURTLE on a stream: the labeling takes the steps that each chunk of rows allows.

Everything that a step of the search needs is in its mini-batch: the classifiers start at zero and
are trained on it, and the labeling takes one step of Adam. So a chunk of a stream gives as many
steps as it has mini-batches, and what goes from chunk to chunk is the labeling of each restart and
the state of Adam. The restarts are merged anew after each chunk, on the labels of its rows.
"""

from dataclasses import dataclass

import torch

from sklearn_turtle._solver.loop._bilevel import solve
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle._solver.strategy._merging import match, merge, overlap


@dataclass(frozen=True)
class ChunkSolution:
    """What is known after a chunk of a stream.

    Attributes
    ----------
    encoder : TaskEncoder
        The restarts, for the next chunk.
    model : LinearModel
        One labeling, merged of them.
    losses : tensor of shape (n_steps, R)
        Outer loss (Eq. 12) of each restart at each step of the chunk.
    labels : tensor of shape (R, n_rows)
        Labels of each restart, as :func:`restart_labels` gives them.
    temperature : float
        The :func:`temperature` at which the labeling is as certain as two restarts agree.
    """

    encoder: TaskEncoder
    model: LinearModel
    losses: torch.Tensor
    labels: torch.Tensor
    temperature: float

    @property
    def loss_curve(self):
        """Mean over the restarts of the loss of each step, (n_steps,)."""
        return self.losses.mean(1)


def solve_chunk(spaces, settings, draws, *, initial=None, before=None):
    """Take the steps of one chunk of a stream.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The rows of the chunk.
    settings, draws, initial
        As for :func:`solve`.
    before : LinearModel or None
        The labeling before the chunk, of which the clusters keep their numbers: each goes to
        the cluster that shares the most rows of the chunk with it.

    Returns
    -------
    ChunkSolution
    """
    solution = solve(spaces, settings, draws, initial=initial)
    labels = restart_labels(solution.model, spaces)
    model, agreement = solution.model, 1.0
    if model.n_restarts > 1:
        model, agreement = merge(model, labels)
    if before is not None:
        of_before, of_model = (restart_labels(one, spaces)[0].cpu() for one in (before, model))
        order, _ = match(overlap(of_before.long(), of_model.long(), model.n_clusters))
        model = model.reordered(torch.from_numpy(order).to(labels.device))
    return ChunkSolution(
        solution.encoder, model, solution.losses, labels, temperature(model, spaces, agreement)
    )
