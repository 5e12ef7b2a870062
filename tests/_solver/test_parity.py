"""The solver, the literal rendering and the recordings of the released loop agree."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
import torch

from sklearn_turtle._solver import FeatureSpace, solve
from sklearn_turtle._solver.step._classifiers import Classifiers
from tests.support.literal import textbook_turtle
from tests.support.settings import solver_settings

RECORDINGS = ["one_space_cold", "two_spaces_cold", "two_spaces_warm", "three_spaces_warm"]
TOLERANCE = 1e-5  # of the largest magnitude


class RecordedDraws:
    """Takes the place of Draws: returns the weights and batches of a problem."""

    def __init__(self, problem):
        self.problem = problem
        self.n_batches = 0
        self.n_classifiers = 0

    def task_encoder(self, space, n_features, n_outputs):
        return side_by_side(self.problem.task_init, space, (n_outputs, n_features))

    def classifier(self, space, n_features, n_outputs):
        step = self.n_classifiers // len(self.problem.spaces)
        self.n_classifiers += 1
        return side_by_side(self.problem.inner_init(step), space, (n_outputs, n_features))

    def rows(self, n_samples, batch_size):
        self.n_batches += 1
        return self.problem.batches[self.n_batches - 1]


def side_by_side(layers, space, shape):
    """Weight (d, R * C) and bias (R * C,) of all restarts in a space."""
    weights, biases = zip(*(of_restart[space] for of_restart in layers), strict=True)
    weight = torch.cat(weights)
    assert weight.shape == shape
    return weight.T, torch.cat(biases)


def recorded_problem(path):
    record = np.load(path)
    n_spaces = sum(name.startswith("space") for name in record.files)

    def layers(name, index=()):
        return [
            tuple(
                torch.from_numpy(record[f"{name}_{part}{k}"][index]) for part in ("weight", "bias")
            )
            for k in range(n_spaces)
        ]

    names = ("gamma", "inner_steps", "inner_lr", "outer_lr")
    return SimpleNamespace(
        spaces=[torch.from_numpy(record[f"space{k}"]) for k in range(n_spaces)],
        task_init=[layers("task_init")],
        inner_init=lambda step: [layers("inner_init", step)],
        batches=list(torch.from_numpy(record["batch_indices"]).long()),
        settings={name: record[name].item() for name in names}
        | {"inner_start": "warm" if record["warm_start_inner"].item() else "cold"},
        prior=None,
        weights=None,
        n_clusters=record["n_clusters"].item(),
        expected=(
            torch.from_numpy(record["inner_loss"])[:, None],
            torch.from_numpy(record["outer_loss"])[:, None],
            [layers("task_final")],
        ),
    )


def random_problem(
    seed=0,
    widths=(7, 11),
    n_restarts=1,
    n_clusters=4,
    prior=None,
    weights=None,
    n_samples=90,
    n_steps=12,
    **settings,
):
    generator = torch.Generator().manual_seed(seed)

    def random(*shape):
        return torch.randn(*shape, generator=generator)

    def layers():
        """One (weight, bias) per restart and space."""
        return [
            [(random(n_clusters, w) / w**0.5, random(n_clusters)) for w in widths]
            for _ in range(n_restarts)
        ]

    spaces = [random(n_samples, width) * 2 + random(width) for width in widths]
    inner = [layers() for _ in range(n_steps)]
    return SimpleNamespace(
        spaces=spaces,
        task_init=layers(),
        inner_init=lambda step: inner[step],
        batches=[torch.randperm(n_samples, generator=generator)[:50] for _ in range(n_steps)],
        settings={
            "gamma": 3.0,
            "inner_steps": 4,
            "inner_lr": 0.01,
            "inner_start": "cold",
            "outer_lr": 0.02,
            **settings,
        },
        prior=None if prior is None else torch.tensor(prior, dtype=torch.float64),
        weights=weights,
        n_clusters=n_clusters,
    )


@contextmanager
def recorded_inner_losses(n_spaces):
    """Record the cross-entropy before each inner step, summed over the spaces."""
    losses, fit, log_probabilities = [], Classifiers.fit, Classifiers.log_probabilities
    labelings = []

    def recorded_fit(self, batches, labeling, n_rows):
        labelings.append(labeling)
        fit(self, batches, labeling, n_rows)
        labelings.pop()

    def recorded_log_probabilities(self, k, z):
        found = log_probabilities(self, k, z)
        if labelings:
            losses.append(-(labelings[-1] * found).sum(-1).mean(0))
        return found

    with (
        patch.object(Classifiers, "fit", recorded_fit),
        patch.object(Classifiers, "log_probabilities", recorded_log_probabilities),
    ):
        yield lambda n_steps: torch.stack(losses).view(n_steps, -1, n_spaces, len(losses[0])).sum(2)


def solved(problem, dtype):
    """Inner losses (T, R, M), outer losses (T, R) and final layers of the solver."""
    n_spaces, n_restarts = len(problem.spaces), len(problem.task_init)
    settings = solver_settings(
        problem.n_clusters,
        n_restarts=n_restarts,
        max_iter=len(problem.batches),
        schedule="constant",
        initial_logit_norm=None,
        log_prior=None if problem.prior is None else problem.prior.log(),
        dtype=dtype,
        **problem.settings,
    )
    spaces = [FeatureSpace(space, dtype=dtype) for space in problem.spaces]
    with recorded_inner_losses(n_spaces) as inner_losses:
        solution = solve(spaces, settings, RecordedDraws(problem), weights=problem.weights)
    restarts = [solution.model.restart(r) for r in range(n_restarts)]
    final = [
        [(w.T, b) for w, b in zip(model.weights, model.biases, strict=True)] for model in restarts
    ]
    inner = inner_losses(len(problem.batches)).transpose(1, 2) if _n_recorded(problem) else None
    return inner, solution.losses, final


def rendered(problem, dtype):
    """The same of the literal rendering, one restart after the other."""
    found = [
        textbook_turtle(
            problem.spaces,
            problem.task_init[r],
            lambda step, r=r: problem.inner_init(step)[r],
            problem.batches,
            prior=None if problem.prior is None else problem.prior.to(dtype),
            weights=problem.weights,
            dtype=dtype,
            **problem.settings,
        )
        for r in range(len(problem.task_init))
    ]
    inner, outer, final = zip(*found, strict=True)
    n_recorded = _n_recorded(problem)
    inner = torch.stack(inner, 1)[..., -n_recorded:] if n_recorded else None
    return inner, torch.stack(outer, 1), list(final)


def _n_recorded(problem):
    """Number of inner steps whose loss the solver computes: not that of a step from zero."""
    return problem.settings["inner_steps"] - (problem.settings["inner_start"] == "zero")


def assert_same(actual, expected):
    def assert_close(a, b):
        assert a.shape == b.shape
        assert (a.double() - b.double()).abs().max() <= TOLERANCE * b.abs().max()

    if expected[0] is not None:
        assert_close(actual[0], expected[0])
    assert_close(actual[1], expected[1])
    for actual_restart, expected_restart in zip(actual[2], expected[2], strict=True):
        for actual_layer, expected_layer in zip(actual_restart, expected_restart, strict=True):
            for a, b in zip(actual_layer, expected_layer, strict=True):
                assert_close(a, b)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("name", RECORDINGS)
@pytest.mark.parametrize("run", [solved, rendered], ids=["solver", "rendering"])
@pytest.mark.real_data
def test_reproduces_the_recordings(run, name, dtype, shared_folder):
    problem = recorded_problem(shared_folder / "parity" / f"{name}.npz")
    assert_same(run(problem, dtype), problem.expected)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("inner_start", ["zero", "cold", "warm"])
@pytest.mark.parametrize("widths", [(9,), (7, 11), (5, 8, 13), (4, 6, 5, 7)], ids=len)
def test_solver_agrees_with_the_rendering(widths, inner_start, dtype):
    problem = random_problem(len(widths), widths, n_restarts=3, inner_start=inner_start)
    assert_same(solved(problem, dtype), rendered(problem, dtype))


@pytest.mark.parametrize("inner_steps", [1, 3])
@pytest.mark.parametrize("inner_start", ["zero", "warm"])
@pytest.mark.parametrize("prior", [[0.4, 0.3, 0.2, 0.1], [0.94, 0.03, 0.02, 0.01], [0.25] * 4])
def test_solver_agrees_with_the_rendering_of_a_prior(prior, inner_start, inner_steps):
    problem = random_problem(
        1, n_restarts=2, prior=prior, inner_start=inner_start, inner_steps=inner_steps
    )
    assert_same(solved(problem, torch.float64), rendered(problem, torch.float64))


@pytest.mark.parametrize("prior", [None, [0.4, 0.3, 0.2, 0.1]], ids=str)
@pytest.mark.parametrize("weights", [[0.7, 0.3], [0.05, 0.15, 0.8]], ids=len)
def test_solver_agrees_with_the_rendering_of_weighted_spaces(weights, prior):
    widths = (7, 11, 5)[: len(weights)]
    problem = random_problem(2, widths, n_restarts=2, prior=prior, weights=weights)
    assert_same(solved(problem, torch.float64), rendered(problem, torch.float64))


def test_a_uniform_prior_is_the_entropy_term():
    found, expected = (
        solved(random_problem(prior=prior), torch.float64) for prior in ([0.25] * 4, None)
    )
    # KL(p || uniform) = log C - H(p), for each of two spaces
    torch.testing.assert_close(found[1], expected[1] + 3.0 * 2 * np.log(4))
    for of_prior, of_entropy in zip(found[2][0], expected[2][0], strict=True):
        torch.testing.assert_close(of_prior, of_entropy)


@pytest.mark.parametrize(
    "settings",
    [
        {"gamma": 0.0},
        {"inner_steps": 1},
        {"outer_lr": 0.5},
        {"inner_start": "zero", "inner_steps": 1, "gamma": 10.0},
        {"inner_start": "zero", "inner_steps": 1, "fit_intercepts": True},
    ],
    ids=str,
)
def test_solver_agrees_with_the_rendering_at_other_settings(settings):
    problem = random_problem(**settings)
    assert_same(solved(problem, torch.float64), rendered(problem, torch.float64))
