"""The outer loop: alternate between the classifiers and the labelling (Algorithm 1)."""

import math
from dataclasses import dataclass, replace

import torch

from sklearn_turtle._solver.rows._batches import mini_batches
from sklearn_turtle._solver.step._captured import CapturedStep
from sklearn_turtle._solver.step._classifiers import Classifiers
from sklearn_turtle._solver.step._linear_model import LinearModel
from sklearn_turtle._solver.rows._processes import ALONE
from sklearn_turtle._solver.step._products import logits
from sklearn_turtle._solver.loop._state import SolveState
from sklearn_turtle._solver.loop._stopping import LabellingMonitor
from sklearn_turtle._solver.step._task_encoder import TaskEncoder
from sklearn_turtle._solver.step._workspace import Workspace


@dataclass(frozen=True)
class Settings:
    """Settings of :func:`solve`; the estimator documents what they mean.

    ``gamma`` and the rates are numbers, or tensors of shape (R,) where restarts differ in them.
    """

    n_clusters: int
    n_restarts: int = 1
    gamma: float | torch.Tensor = 10.0
    max_iter: int = 200
    batch_size: int = 1500
    inner_steps: int = 1
    inner_lr: float | torch.Tensor = 0.02
    inner_start: str = "zero"
    outer_lr: float | torch.Tensor = 0.01
    schedule: str = "cosine"
    # log proportions of the clusters from the largest to the smallest; None for equal sizes
    log_prior: torch.Tensor | None = None
    initial_logit_norm: float | None = 0.3
    tol: float = 0.0
    dtype: torch.dtype = torch.float32


class Observer:
    """What :func:`solve` tells of its progress; this one takes no notice."""

    def begin_solve(self, state):
        """Called before the first step with a SolveState, which it may put forward."""

    def end_solve(self):
        """Called after the last step."""

    def begin_step(self):
        """Called before each outer step."""

    def end_step(self, step, losses, model):
        """Called after outer step ``step``, counted from 0.

        ``losses`` is the tensor of the losses of the restarts, (R,), and ``model`` a callable
        that gives the current LinearModel. The optimisation ends where it returns True.
        """
        return False


class ForwardingObserver(Observer):
    """Tells another observer of everything."""

    def __init__(self, observer):
        self._observer = Observer() if observer is None else observer

    def begin_solve(self, state):
        self._observer.begin_solve(state)

    def end_solve(self):
        self._observer.end_solve()

    def begin_step(self):
        self._observer.begin_step()

    def end_step(self, step, losses, model):
        return self._observer.end_step(step, losses, model)


@dataclass(frozen=True)
class Solution:
    """What :func:`solve` found.

    Attributes
    ----------
    model : LinearModel
        The labelling, R restarts side by side.
    losses : tensor of shape (n_iter, R)
        Outer loss (Eq. 12) of each step, on its mini-batch.
    stopped : bool
        Whether the observer ended the optimisation.
    encoder : TaskEncoder
        The labelling with the state of its optimiser, to go on from.
    """

    model: LinearModel
    losses: torch.Tensor
    stopped: bool
    encoder: TaskEncoder


@torch.no_grad()
def solve(spaces, settings, draws, *, initial=None, observer=None, inner_trace=None):
    """Find labellings whose linear classifiers have the largest margins in all spaces.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces, over the same rows and with batches on the same device.
    settings : Settings
        Settings of the method.
    draws : Draws
        Source of the initial weights and of the mini-batches.
    initial : LinearModel, TaskEncoder or None
        Labelling to start from, or one to go on with, which is changed; None for random weights.
    observer : Observer or None
        Told of each outer step; may end the optimisation.
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


def _initial_layers(spaces, settings, draws):
    """Random weight and bias of each space, and what its random weights are multiplied with."""
    n_outputs = settings.n_restarts * settings.n_clusters
    layers = [draws.task_encoder(k, space.n_features, n_outputs) for k, space in enumerate(spaces)]
    if settings.initial_logit_norm is None:
        return layers, [1.0] * len(spaces)
    scales = [
        _initial_scale(space, weight, settings, draws)
        for space, (weight, _) in zip(spaces, layers, strict=True)
    ]
    scaled = [
        (weight * scale, torch.zeros_like(bias))
        for scale, (weight, bias) in zip(scales, layers, strict=True)
    ]
    return scaled, scales


def _initial_scale(space, weight, settings, draws):
    """What to multiply random weights with to give logits of ``initial_logit_norm``."""
    # Labels that start out saturated have no gradient and stay what chance made them. How large
    # the logits of random weights are depends on the number of features and their distribution,
    # so it is measured.
    shard = space.shard
    rows = draws.rows(shard.n_samples, settings.batch_size)
    z = space.batch(shard.own(rows))
    weight = weight.to(device=z.device, dtype=settings.dtype)
    of_batch = logits(
        z, weight, torch.zeros_like(weight[0]), settings.n_clusters, Workspace(z.device)
    )
    n_rows = shard.n_samples if rows is None else len(rows)
    mean_square = shard.processes.sum_(of_batch.square().sum()) / (n_rows * weight.shape[1])
    return settings.initial_logit_norm / mean_square.sqrt().item()


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


def _ranked_log_prior(mean_labelling, log_prior):
    """The prior of each cluster by its rank in size, (R, C): which cluster is the largest is free.

    With it the entropy term becomes gamma * KL(mean of p_k || prior) (arXiv:2601.03237).
    """
    if log_prior is None:
        return None
    rank = mean_labelling.argsort(-1, descending=True).argsort(-1)
    return log_prior[rank]


def _outer_step(encoder, classifiers, batches, n_rows, settings, workspace, processes, trace):
    """Write the first-order hypergradient (Eq. 13); returns the outer loss, (R,).

    ``batches`` are the rows of this process, ``n_rows`` the number of those of all processes.
    """
    n_spaces = len(batches)
    probabilities = [encoder.probabilities(k, z) for k, z in enumerate(batches)]

    def buffer(name):
        return workspace(name, probabilities[0].shape, settings.dtype)

    labelling = torch.div(probabilities[0], n_spaces, out=buffer("labelling"))  # Eq. 9
    for p in probabilities[1:]:
        labelling.add_(p, alpha=1 / n_spaces)
    classifiers.fit(batches, labelling, n_rows, trace)

    # Eq. 12: sum_k CE(w_k z_k, y) - gamma * sum_k H(mean over the batch of p_k), of which the
    # gradient in p_k is -sum_j log q_j / (K * B) + gamma * (log mean p_k + 1) / B; the 1 drops
    # out in the softmax. Without it, the products of p_k and its gradient add up to the loss.
    to_labelling = labelling.zero_()  # which nobody reads any more
    for k, z in enumerate(batches):
        to_labelling.add_(classifiers.log_probabilities(k, z), alpha=-1 / (n_spaces * n_rows))
    means = processes.sum_(torch.stack([p.sum(0) for p in probabilities])).div_(n_rows)
    log_prior = _ranked_log_prior(means.mean(0), settings.log_prior)
    tiny = torch.finfo(settings.dtype).tiny
    loss = torch.zeros(settings.n_restarts, dtype=settings.dtype, device=labelling.device)
    for k, (z, p, mean) in enumerate(zip(batches, probabilities, means, strict=True)):
        log_mean = mean.clamp_min_(tiny).log_()
        if log_prior is not None:
            log_mean -= log_prior
        log_mean *= settings.gamma / n_rows
        # nobody reads the log-probabilities of the classifiers any more
        to_p = torch.add(to_labelling, log_mean, out=buffer("log probabilities"))
        # through the softmax: p * (to_p - <p, to_p>)
        to_logits = to_p.mul_(p)
        inner_product = to_logits.sum(-1, keepdim=True)
        loss += inner_product.sum((0, 2))
        to_logits.addcmul_(p, inner_product, value=-1)
        encoder.write_gradient(k, z, to_logits)
    return processes.sum_(loss)
