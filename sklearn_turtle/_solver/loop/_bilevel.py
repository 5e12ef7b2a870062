"""The outer loop: alternate between the classifiers and the labeling (Algorithm 1)."""

import math
from dataclasses import dataclass, replace

import torch

from sklearn_turtle._solver.loop._initial import _initial_layers
from sklearn_turtle._solver.loop._observer import Observer
from sklearn_turtle._solver.loop._state import SolveState
from sklearn_turtle._solver.loop._stopping import LabellingMonitor
from sklearn_turtle._solver.rows._batches import mini_batches
from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.step._captured import CapturedStep
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.step._outer_step import _outer_step
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace


@dataclass(frozen=True)
class Solution:
    """What :func:`solve` found.

    Attributes
    ----------
    model : LinearModel
        The labeling, R restarts side by side.
    losses : tensor of shape (n_iter, R)
        Outer loss (Eq. 12) of each step, on its mini-batch.
    stopped : bool
        Whether the observer ended the optimization.
    encoder : TaskEncoder
        The labeling with the state of its optimizer, to go on from.
    """

    model: LinearModel
    losses: torch.Tensor
    stopped: bool
    encoder: TaskEncoder


@torch.no_grad()
def solve(spaces, settings, draws, *, initial=None, observer=None, inner_trace=None):
    """Find labelings whose linear classifiers have the largest margins in all spaces.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces, over the same rows and with batches on the same device.
    settings : Settings
        Settings of the method.
    draws : Draws
        Source of the initial weights and of the mini-batches.
    initial : LinearModel, TaskEncoder or None
        Labeling to start from, or one to go on with, which is changed; None for random weights.
    observer : Observer or None
        Told of each outer step; may end the optimization.
    inner_trace : list or None
        Where it is a list, the inner losses of every outer step are appended to it.

    Returns
    -------
    Solution
    """
    device = spaces[0].device
    if settings.log_prior is not None:
        log_prior = settings.log_prior.to(device=device, dtype=settings.dtype)
        settings = replace(settings, log_prior=log_prior)
    if isinstance(settings.gamma, torch.Tensor):
        gamma = settings.gamma.to(device=device, dtype=settings.dtype)
        settings = replace(settings, gamma=gamma[:, None])
    goes_on = isinstance(initial, TaskEncoder)
    workspace = initial.workspace if goes_on else Workspace(device)
    shard = spaces[0].shard
    common = {
        "n_clusters": settings.n_clusters,
        "dtype": settings.dtype,
        "workspace": workspace,
        "device": device,
        "processes": shard.processes,
    }
    scales = [1.0] * len(spaces)
    if goes_on:
        encoder = initial
    else:
        if initial is None:
            layers, scales = _initial_layers(spaces, settings, draws)
        else:
            layers = list(zip(initial.weights, initial.biases, strict=True))
        encoder = TaskEncoder(layers, lr=_of_outputs(settings.outer_lr, settings), **common)
    classifiers = Classifiers(
        [space.n_features for space in spaces],
        n_restarts=settings.n_restarts,
        steps=settings.inner_steps,
        lr=_of_outputs(settings.inner_lr, settings),
        start=settings.inner_start,
        draws=draws,
        initial_scales=scales,
        **common,
    )

    def current_model():
        return LinearModel(
            [encoder.weight(k).clone() for k in range(len(spaces))],
            [encoder.bias(k).clone() for k in range(len(spaces))],
            settings.n_clusters,
        )

    def take_step(batches, n_rows, decay):
        trace: list[torch.Tensor] | None = None if inner_trace is None else []
        loss = _outer_step(
            encoder, classifiers, batches, n_rows, settings, workspace, shard.processes, trace
        )
        encoder.step(decay)
        if trace is not None:
            inner_trace.append(torch.stack(trace))
        return loss

    if (
        device.type == "cuda"
        and shard.processes is ALONE
        and settings.inner_start != "cold"
        and inner_trace is None
    ):
        take_step = CapturedStep(take_step, workspace, device)

    losses = torch.zeros(
        settings.max_iter, settings.n_restarts, dtype=settings.dtype, device=device
    )
    observer = Observer() if observer is None else observer
    monitor = LabellingMonitor(spaces, settings.tol)
    state = SolveState(encoder, classifiers, monitor, draws, losses)
    observer.begin_solve(state)
    all_batches = mini_batches(
        spaces, draws, settings.batch_size, settings.max_iter, skip=state.n_steps
    )
    remaining = () if state.ended else enumerate(all_batches, start=state.n_steps)
    for step, (batches, n_rows) in remaining:
        observer.begin_step()
        losses[step] = take_step(batches, n_rows, _decay(settings, step))
        state.stopped = shard.processes.any(observer.end_step(step, losses[step], current_model))
        state.n_steps = step + 1
        settled = monitor.settled(state.n_steps, encoder)
        state.ended = state.stopped or settled or state.n_steps == settings.max_iter
        if state.ended:
            break
        del batches  # before the next ones are read
    observer.end_solve()
    model = current_model()
    workspace.release()  # which the encoder of the solution would keep
    return Solution(model, losses[: state.n_steps], state.stopped, encoder)


def _of_outputs(rate, settings):
    """The rate of each output, (R * C,), where restarts differ in it."""
    if isinstance(rate, torch.Tensor):
        return rate.repeat_interleave(settings.n_clusters)
    return rate


def _decay(settings, step):
    """What the outer rate is multiplied with at a step."""
    if settings.schedule == "constant":
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * step / settings.max_iter))
