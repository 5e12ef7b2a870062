"""The outer loop: alternate between the classifiers and the labeling (Algorithm 1)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.loop._initial import initial_layers
from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.loop._state import SolveState
from sklearn_turtle._solver.rows._batches import mini_batches
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.step._captured import CapturedStep
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.step._outer_step import OuterStep
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace


@dataclass(frozen=True)
class Solution:
    """The result of :func:`solve`.

    Attributes
    ----------
    model : LinearModel
        The labeling, R restarts side by side.
    losses : tensor of shape (n_iter, R)
        Outer loss (Eq. 12) of each step, on its mini-batch.
    stopped : bool
        True if the observer ended the optimization.
    encoder : TaskEncoder
        The labeling with the state of its optimizer, to continue from.
    """

    model: LinearModel
    losses: torch.Tensor
    stopped: bool
    encoder: TaskEncoder


@torch.no_grad()
def solve(
    spaces: Sequence[Space],
    settings: Settings,
    draws: Draws,
    *,
    weights: Sequence[float] | None = None,
    initial: LinearModel | None = None,
    observer: Observer | None = None,
) -> Solution:
    """Find labelings whose linear classifiers have the largest margins in all spaces.

    Parameters
    ----------
    spaces : list of Space
        The spaces, over the same rows and with batches on the same device.
    settings : Settings
        Settings of the method.
    draws : Draws
        Source of the initial weights and of the mini-batches.
    weights : list of float or None
        Weight of each space in Eq. 9 and Eq. 12, with the sum 1; None for equal ones.
    initial : LinearModel or None
        Labeling to start from; None for random weights.
    observer : Observer or None
        Receives the progress, and may end the optimization.

    Returns
    -------
    Solution
    """
    scales = [1.0] * len(spaces)
    if initial is None:
        layers, scales = initial_layers(spaces, settings, draws)
    else:
        layers = list(zip(initial.weights, initial.biases, strict=True))
    device = spaces[0].device
    encoder = TaskEncoder(
        layers,
        n_clusters=settings.n_clusters,
        lr=_per_output(settings.outer_lr, settings.n_clusters),
        dtype=settings.dtype,
        workspace=Workspace(device),
        device=device,
        processes=spaces[0].shard.processes,
    )
    return go_on(
        spaces,
        settings,
        draws,
        encoder,
        weights=weights,
        initial_scales=scales,
        observer=observer,
    )


@torch.no_grad()
def go_on(
    spaces: Sequence[Space],
    settings: Settings,
    draws: Draws,
    encoder: TaskEncoder,
    *,
    weights: Sequence[float] | None = None,
    initial_scales: Sequence[float] | None = None,
    observer: Observer | None = None,
) -> Solution:
    """Continue with a labeling and the state of its optimizer, both of which change.

    Parameters
    ----------
    spaces, settings, draws, weights, observer
        As for :func:`solve`.
    encoder : TaskEncoder
        The labeling.
    initial_scales : list of float or None
        Random weights of the classifiers are multiplied by these, one per space; None for 1.

    Returns
    -------
    Solution
    """
    device, shard, workspace = spaces[0].device, spaces[0].shard, encoder.workspace
    classifiers = Classifiers(
        [space.n_features for space in spaces],
        n_restarts=settings.n_restarts,
        n_clusters=settings.n_clusters,
        steps=settings.inner_steps,
        lr=_per_output(settings.inner_lr, settings.n_clusters),
        start=settings.inner_start,
        draws=draws,
        initial_scales=[1.0] * len(spaces) if initial_scales is None else initial_scales,
        dtype=settings.dtype,
        workspace=workspace,
        device=device,
        processes=shard.processes,
    )
    if weights is None:
        weights = [1 / len(spaces)] * len(spaces)
    take_step: OuterStep | CapturedStep = _outer_step(
        encoder, classifiers, settings, weights, spaces[0]
    )
    if device.type == "cuda" and shard.processes is ALONE and settings.inner_start != "cold":
        take_step = CapturedStep(take_step, workspace, device)
    losses = torch.zeros(
        settings.max_iter, settings.n_restarts, dtype=settings.dtype, device=device
    )
    state = SolveState(encoder, classifiers, draws, losses)
    observer = Observer() if observer is None else observer
    observer.begin_solve(state)
    current_model = _model_reader(encoder, len(spaces), settings.n_clusters)
    all_batches = mini_batches(
        spaces, draws, settings.batch_size, settings.max_iter, skip=state.n_steps
    )
    remaining = () if state.ended else enumerate(all_batches, start=state.n_steps)
    for step, (batches, n_rows) in remaining:
        observer.begin_step()
        losses[step] = take_step(batches, n_rows, _decay(settings, step))
        stop = observer.end_step(step, losses[step], current_model)
        state.stopped = shard.processes.any(bool(stop))
        state.n_steps = step + 1
        state.ended = state.stopped or state.n_steps == settings.max_iter
        if state.ended:
            break
        del batches  # before the next ones are read
    observer.end_solve()
    model = current_model()
    workspace.release()  # the encoder of the solution would keep its memory
    return Solution(model, losses[: state.n_steps], state.stopped, encoder)


def _outer_step(
    encoder: TaskEncoder,
    classifiers: Classifiers,
    settings: Settings,
    weights: Sequence[float],
    space: Space,
) -> OuterStep:
    gamma, log_prior = settings.gamma, settings.log_prior
    if isinstance(gamma, torch.Tensor):
        gamma = gamma.to(device=space.device, dtype=settings.dtype)[:, None]
    if log_prior is not None:
        log_prior = log_prior.to(device=space.device, dtype=settings.dtype)
    return OuterStep(
        encoder,
        classifiers,
        gamma=gamma,
        log_prior=log_prior,
        weights=weights,
        fit_intercepts=settings.fit_intercepts,
        workspace=encoder.workspace,
        processes=space.shard.processes,
    )


def _model_reader(
    encoder: TaskEncoder, n_spaces: int, n_clusters: int
) -> Callable[[], LinearModel]:
    def current_model() -> LinearModel:
        return LinearModel(
            [encoder.weight(k).clone() for k in range(n_spaces)],
            [encoder.bias(k).clone() for k in range(n_spaces)],
            n_clusters,
        )

    return current_model


def _per_output(rate: float | torch.Tensor, n_clusters: int) -> float | torch.Tensor:
    """The rate, or that of each output, (R * C,), if restarts differ in it."""
    if isinstance(rate, torch.Tensor):
        return rate.repeat_interleave(n_clusters)
    return rate


def _decay(settings: Settings, step: int) -> float:
    """The factor of the outer rate at a step."""
    if settings.schedule == "constant":
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * step / settings.max_iter))
