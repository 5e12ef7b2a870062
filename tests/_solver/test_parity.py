"""The solver, the literal rendering and the recordings of the released loop agree."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from sklearn_turtle._solver import FeatureSpace, Settings, solve
from tests.support.literal import textbook_turtle

RECORDINGS = ["one_space_cold", "two_spaces_cold", "two_spaces_warm", "three_spaces_warm"]
TOLERANCE = 1e-5  # of the largest magnitude


class RecordedDraws:
    """Stands in for Draws: hands out what a problem prescribes."""

    def __init__(self, problem):
        self.problem = problem
        self.n_batches = 0
        self.n_classifiers = 0

    def task_encoder(self, space, n_features, n_outputs):
        weight, bias = self.problem.task_init[space]
        assert weight.shape == (n_outputs, n_features)
        return weight.T, bias

    def classifier(self, space, n_features, n_outputs):
        step = self.n_classifiers // len(self.problem.spaces)
        self.n_classifiers += 1
        weight, bias = self.problem.inner_init(step)[space]
        assert weight.shape == (n_outputs, n_features)
        return weight.T, bias

    def rows(self, n_samples, batch_size):
        self.n_batches += 1
        return self.problem.batches[self.n_batches - 1]


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

    return SimpleNamespace(
        spaces=[torch.from_numpy(record[f"space{k}"]) for k in range(n_spaces)],
        task_init=layers("task_init"),
        inner_init=lambda step: layers("inner_init", step),
        batches=list(torch.from_numpy(record["batch_indices"]).long()),
        settings={
            **{
                name: record[name].item()
                for name in ("gamma", "inner_steps", "inner_lr", "outer_lr")
            },
            "warm_start_inner": record["warm_start_inner"].item(),
        },
        n_clusters=record["n_clusters"].item(),
        expected=(
            torch.from_numpy(record["inner_loss"]),
            torch.from_numpy(record["outer_loss"]),
            layers("task_final"),
        ),
    )


def random_problem(
    seed, widths=(7, 11), n_samples=90, n_clusters=4, n_steps=12, warm=False, **settings
):
    generator = torch.Generator().manual_seed(seed)

    def random(*shape):
        return torch.randn(*shape, generator=generator)

    spaces = [random(n_samples, width) * 2 + random(width) for width in widths]
    inner = [
        [(random(n_clusters, w) / w**0.5, random(n_clusters)) for w in widths]
        for _ in range(n_steps)
    ]
    return SimpleNamespace(
        spaces=spaces,
        task_init=[(random(n_clusters, w) / w**0.5, random(n_clusters)) for w in widths],
        inner_init=lambda step: inner[step],
        batches=[torch.randperm(n_samples, generator=generator)[:50] for _ in range(n_steps)],
        settings={
            **{"gamma": 3.0, "inner_steps": 4, "inner_lr": 0.01, "outer_lr": 0.02},
            **settings,
            "warm_start_inner": warm,
        },
        n_clusters=n_clusters,
    )


def solved(problem, dtype):
    """What the solver makes of a problem, in the shape that the rendering returns."""
    settings = dict(problem.settings)
    warm = settings.pop("warm_start_inner")
    inner_trace = []
    solution = solve(
        [FeatureSpace(space, dtype=dtype) for space in problem.spaces],
        Settings(
            problem.n_clusters,
            max_iter=len(problem.batches),
            inner_start="warm" if warm else "cold",
            schedule="constant",
            initial_logit_norm=None,
            dtype=dtype,
            **settings,
        ),
        RecordedDraws(problem),
        inner_trace=inner_trace,
    )
    final = [(w.T, b) for w, b in zip(solution.model.weights, solution.model.biases, strict=True)]
    return torch.stack(inner_trace)[..., 0], solution.losses[:, 0], final


def rendered(problem, dtype):
    return textbook_turtle(
        problem.spaces,
        problem.task_init,
        problem.inner_init,
        problem.batches,
        **problem.settings,
        dtype=dtype,
    )


def assert_same(actual, expected):
    def assert_close(a, b):
        assert a.shape == b.shape
        assert (a.double() - b.double()).abs().max() <= TOLERANCE * b.abs().max()

    assert_close(actual[0], expected[0])
    assert_close(actual[1], expected[1])
    for actual_layer, expected_layer in zip(actual[2], expected[2], strict=True):
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
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("widths", [(9,), (7, 11), (5, 8, 13), (4, 6, 5, 7)], ids=len)
def test_solver_agrees_with_the_rendering(widths, warm, dtype):
    problem = random_problem(len(widths), widths=widths, warm=warm)
    assert_same(solved(problem, dtype), rendered(problem, dtype))


@pytest.mark.parametrize(
    "settings", [{"gamma": 0.0}, {"inner_steps": 1}, {"outer_lr": 0.5}], ids=str
)
def test_solver_agrees_with_the_rendering_at_other_settings(settings):
    problem = random_problem(0, **settings)
    assert_same(solved(problem, torch.float64), rendered(problem, torch.float64))
