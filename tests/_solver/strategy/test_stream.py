from dataclasses import replace

import pytest
import torch

from sklearn_turtle._solver import Draws, merge, restart_labels, solve, solve_chunk
from sklearn_turtle._solver.strategy._calibration import temperature
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings

SETTINGS = solver_settings(4, n_restarts=3, max_iter=60, batch_size=100, schedule="constant")


@pytest.fixture(scope="module")
def spaces():
    return feature_spaces()


@pytest.fixture
def first_chunk(spaces):
    return solve_chunk(spaces, SETTINGS, Draws(0))


def test_restarts_are_merged_into_one_labeling(spaces, first_chunk):
    assert first_chunk.model.n_restarts == 1
    assert first_chunk.labels.shape == (3, 120)
    assert first_chunk.losses.shape == (60, 3)
    torch.testing.assert_close(first_chunk.loss_curve, first_chunk.losses.mean(1))


def test_the_first_chunk_is_a_search(spaces, first_chunk):
    restarts = solve(spaces, SETTINGS, Draws(0)).model
    labels = restart_labels(restarts, spaces)
    merged, agreement = merge(restarts, labels)
    assert torch.equal(first_chunk.labels, labels)
    torch.testing.assert_close(first_chunk.model.weights, merged.weights)
    assert first_chunk.temperature == pytest.approx(temperature(merged, spaces, agreement))


def test_restarts_continue_on_the_next_chunk(spaces, first_chunk):
    settings = replace(SETTINGS, max_iter=1)
    second = solve_chunk(spaces, settings, Draws(1), initial=first_chunk.encoder)
    assert second.losses.shape == (1, 3)
    assert (second.labels == first_chunk.labels).double().mean() > 0.9


def test_clusters_keep_their_numbers(spaces, first_chunk):
    settings = replace(SETTINGS, max_iter=1)
    before = first_chunk.model.reordered(torch.tensor([2, 0, 3, 1]))
    expected = restart_labels(before, spaces)
    second = solve_chunk(spaces, settings, Draws(1), initial=first_chunk.encoder, before=before)
    assert (restart_labels(second.model, spaces) == expected).double().mean() > 0.9


def test_a_labeling_continues_as_a_single_restart(spaces, first_chunk):
    settings = replace(SETTINGS, max_iter=1, n_restarts=1, outer_lr=1e-3)
    second = solve_chunk(spaces, settings, Draws(1), initial=first_chunk.model)
    expected = restart_labels(first_chunk.model, spaces)
    assert (restart_labels(second.model, spaces) == expected).double().mean() > 0.9
    assert second.temperature == 1
