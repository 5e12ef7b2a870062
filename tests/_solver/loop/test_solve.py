from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._solver import Draws, Observer, restart_labels, solve
from sklearn_turtle._solver.loop._solve import go_on
from sklearn_turtle._solver.step._linear_model import side_by_side
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings
from tests.support.two_spaces import two_spaces

SETTINGS = solver_settings(
    4, n_restarts=2, max_iter=6, batch_size=60, schedule="constant", dtype=torch.float64
)


def double_spaces():
    return feature_spaces(dtype=torch.float64)


def assert_same(model, expected):
    torch.testing.assert_close(model.weights, expected.weights)
    torch.testing.assert_close(model.biases, expected.biases)


def test_labelings_follow_the_seed():
    first, second, other = (
        solve(feature_spaces(), solver_settings(4, max_iter=3), Draws(seed)).model
        for seed in (0, 0, 1)
    )
    assert torch.equal(first.weights[0], second.weights[0])
    assert not torch.allclose(first.weights[0], other.weights[0])


def test_a_solution_holds_all_restarts_and_steps():
    spaces = double_spaces()
    solution = solve(spaces, SETTINGS, Draws(0))
    assert [w.shape for w in solution.model.weights] == [(s.n_features, 8) for s in spaces]
    assert [bias.shape for bias in solution.model.biases] == [(8,)] * 2
    assert solution.model.n_restarts == solution.encoder.n_restarts == 2
    assert solution.losses.shape == (6, 2)
    assert torch.isfinite(solution.losses).all()
    assert not solution.stopped


def test_the_loss_falls():
    settings = replace(SETTINGS, max_iter=60, batch_size=120)
    losses = solve(double_spaces(), settings, Draws(0)).losses
    assert (losses[-1] < losses[0]).all()


def test_restarts_find_the_clusters():
    _, y = two_spaces(120)
    spaces = feature_spaces()
    settings = solver_settings(4, n_restarts=8, max_iter=60, batch_size=90)
    labels = restart_labels(solve(spaces, settings, Draws(0)).model, spaces)
    scores = [adjusted_rand_score(y, of_restart) for of_restart in labels]
    assert np.mean(scores) > 0.5
    assert max(scores) > 0.75


def test_starts_from_a_given_labeling():
    spaces = double_spaces()
    initial = solve(spaces, SETTINGS, Draws(0)).model
    settings = replace(SETTINGS, outer_lr=1e-12)
    assert_same(solve(spaces, settings, Draws(1), initial=initial).model, initial)
    # the given labeling does not change
    before = [weight.clone() for weight in initial.weights]
    solve(spaces, SETTINGS, Draws(1), initial=initial)
    torch.testing.assert_close(initial.weights, before, rtol=0, atol=0)


def test_going_on_is_a_longer_optimization():
    spaces, draws = double_spaces(), Draws(0)
    expected = solve(spaces, SETTINGS, Draws(0))
    half = replace(SETTINGS, max_iter=3)
    first = solve(spaces, half, draws)
    second = go_on(spaces, half, draws, first.encoder)
    assert_same(second.model, expected.model)
    torch.testing.assert_close(torch.cat([first.losses, second.losses]), expected.losses)


@pytest.mark.parametrize(
    "differing",
    [{}, {"gamma": (10.0, 1.0)}, {"inner_lr": (0.02, 0.05)}, {"outer_lr": (0.01, 0.03)}],
    ids=str,
)
def test_restarts_do_not_influence_each_other(differing):
    spaces = double_spaces()
    initial = solve(spaces, replace(SETTINGS, max_iter=1), Draws(0)).model
    of_all = {name: torch.tensor(values) for name, values in differing.items()}
    together = solve(spaces, replace(SETTINGS, **of_all), Draws(1), initial=initial).model
    alone = []
    for r in range(2):
        of_one = {name: values[r] for name, values in differing.items()}
        settings = replace(SETTINGS, n_restarts=1, **of_one)
        alone.append(solve(spaces, settings, Draws(1), initial=initial.restart(r)).model)
    expected = side_by_side(alone)
    # rates of restarts are float32
    torch.testing.assert_close(together.weights, expected.weights, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(together.biases, expected.biases, rtol=1e-4, atol=1e-6)


def test_the_cosine_schedule_ends_with_small_steps():
    class KeepModels(Observer):
        def __init__(self):
            self.models = []

        def end_step(self, step, losses, model):
            self.models.append(model().weights[0])

    lengths = {}
    for schedule in ("constant", "cosine"):
        observer = KeepModels()
        settings = replace(SETTINGS, schedule=schedule, max_iter=20)
        solve(double_spaces(), settings, Draws(0), observer=observer)
        lengths[schedule] = torch.stack(observer.models).diff(dim=0).flatten(1).norm(dim=1)
    assert lengths["cosine"][-1] < 0.1 * lengths["constant"][-1]
    torch.testing.assert_close(lengths["cosine"][0], lengths["constant"][0], rtol=0.1, atol=0)
