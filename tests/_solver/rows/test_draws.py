import numpy as np
import pytest
import torch

from sklearn_turtle._solver import Draws
from sklearn_turtle._solver.rows._draws import RepeatedDraws


def all_kinds(draws):
    """One draw of each kind."""
    return [
        *draws.task_encoder(0, 6, 4),
        *draws.classifier(0, 6, 4),
        draws.rotation(3),
        draws.rows(50, 7),
        draws.blocks(60, 4, 5),
        draws.permutation(9),
        draws.normal((2, 3), 0.1),
    ]


def assert_equal(first, second):
    for a, b in zip(first, second, strict=True):
        assert torch.equal(a, b)


def test_draws_follow_the_seed():
    assert_equal(all_kinds(Draws(3)), all_kinds(Draws(3)))
    for a, b in zip(all_kinds(Draws(3)), all_kinds(Draws(4)), strict=True):
        assert not torch.equal(a, b)


def test_global_state_is_not_used():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first = all_kinds(Draws(3))
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(1)
    assert_equal(all_kinds(Draws(3)), first)


def test_copies_are_independent():
    draws = Draws(3)
    all_kinds(draws)
    copy = draws.copy()
    of_copy = all_kinds(copy)
    assert_equal(all_kinds(draws), of_copy)


def test_state_is_restored():
    draws = Draws(3)
    weights, rows = draws.state()
    expected = all_kinds(draws)
    draws.restore(weights, rows)
    assert_equal(all_kinds(draws), expected)


def test_state_of_the_weights_is_restored_alone():
    draws = Draws(3)
    weights, _ = draws.state()
    expected, first_rows = draws.rotation(3), draws.rows(50, 7)
    draws.restore(weights)
    assert torch.equal(draws.rotation(3), expected)
    assert not torch.equal(draws.rows(50, 7), first_rows)


def test_mini_batches_do_not_change_the_weights():
    draws = Draws(0)
    draws.rows(100, 60)
    draws.permutation(5)
    draws.blocks(60, 4, 5)
    assert torch.equal(draws.rotation(3), Draws(0).rotation(3))


def test_weights_are_those_of_a_linear_layer():
    for draw in (Draws(0).task_encoder, Draws(0).classifier):
        weight, bias = draw(0, 16, 500)
        assert weight.shape == (16, 500)
        assert bias.shape == (500,)
        for tensor in (weight, bias):
            assert 0.24 < tensor.abs().max() <= 0.25  # 1 / sqrt(16)


def test_rotations_are_orthogonal():
    rotation = Draws(0).rotation(5)
    torch.testing.assert_close(rotation.T @ rotation, torch.eye(5), rtol=0, atol=1e-5)


def test_rows_are_drawn_without_replacement():
    rows = Draws(3).rows(100, 60)
    assert len(set(rows.tolist())) == 60
    assert 0 <= rows.min() <= rows.max() < 100


@pytest.mark.parametrize("batch_size", [60, 61])
def test_none_stands_for_all_rows(batch_size):
    assert Draws(3).rows(60, batch_size) is None


def test_permutations_hold_all_rows():
    assert sorted(Draws(3).permutation(9).tolist()) == list(range(9))


def test_normal_numbers_have_the_given_deviation():
    assert Draws(0).normal((4000,), 0.1).std() == pytest.approx(0.1, rel=0.1)


def test_all_rows_are_equally_likely_in_blocks():
    draws = Draws(0)
    counts = np.zeros(60)
    for _ in range(4000):
        first = draws.blocks(60, 4, 5)
        counts[(first[:, None] + torch.arange(5)).flatten() % 60] += 1
    expected = 4000 * 20 / 60
    assert np.abs(counts - expected).max() < 5 * np.sqrt(expected)


def test_repeated_draws_give_each_strategy_the_same_weights():
    repeated = RepeatedDraws(Draws(0), 3)
    weight, bias = repeated.task_encoder(0, 6, 12)
    expected = Draws(0).task_encoder(0, 6, 4)
    assert torch.equal(weight, expected[0].repeat(1, 3))
    assert torch.equal(bias, expected[1].repeat(3))
    assert torch.equal(repeated.rows(50, 7), Draws(0).rows(50, 7))
