"""TURTLE on a stream: each chunk of rows gives the labeling as many steps as it has mini-batches.

A step of the search needs nothing but its mini-batch: the classifiers start at zero and are trained
on it, and the labeling takes one step of Adam. So the labeling of each restart and the state of
Adam are all that carries over from chunk to chunk. The restarts are merged anew after each chunk,
on the labels of its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._solve import go_on, solve
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import FeatureSpace
from sklearn_turtle._solver.step._linear_model import LinearModel, restart_labels
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.strategy._calibration import temperature
from sklearn_turtle._solver.strategy._merging import match, merge, overlap
from sklearn_turtle._solver.strategy._space_weights import SpaceWeights


@dataclass(frozen=True)
class ChunkSolution:
    """The labeling after a chunk of a stream.

    Attributes
    ----------
    encoder : TaskEncoder
        The restarts, for the next chunk.
    model : LinearModel
        The merged labeling.
    losses : tensor of shape (n_steps, R)
        Outer loss (Eq. 12) of each restart at each step of the chunk.
    labels : tensor of shape (R, n_rows)
        Labels of each restart, from :func:`restart_labels`.
    temperature : float
        The :func:`temperature` at which the labeling is as certain as two restarts agree.
    """

    encoder: TaskEncoder
    model: LinearModel
    losses: torch.Tensor
    labels: torch.Tensor
    temperature: float

    @property
    def space_weights(self) -> SpaceWeights:
        """All spaces count alike."""
        n_spaces = len(self.model.weights)
        return SpaceWeights([1 / n_spaces] * n_spaces)

    @property
    def loss_curve(self) -> torch.Tensor:
        """Mean over the restarts of the loss of each step, (n_steps,)."""
        return self.losses.mean(1)


def solve_chunk(
    spaces: Sequence[FeatureSpace],
    settings: Settings,
    draws: Draws,
    *,
    initial: TaskEncoder | LinearModel | None = None,
    before: LinearModel | None = None,
) -> ChunkSolution:
    """Take the steps of one chunk of a stream.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The rows of the chunk.
    settings, draws
        As for :func:`solve`.
    initial : TaskEncoder, LinearModel or None
        The restarts after the last chunk, which change; or a labeling to start from; or None for
        random weights.
    before : LinearModel or None
        The labeling before the chunk. Its clusters keep their numbers: each number goes to the
        cluster that shares the most rows of the chunk with it.

    Returns
    -------
    ChunkSolution
    """
    if isinstance(initial, TaskEncoder):
        solution = go_on(spaces, settings, draws, initial)
    else:
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
