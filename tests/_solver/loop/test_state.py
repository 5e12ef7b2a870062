import json

import pytest
import torch

from sklearn_turtle._solver import Draws, Observer, solve
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings

KINDS = {
    "zero": {},
    "cold": {"inner_start": "cold", "inner_steps": 2},
    "warm": {"inner_start": "warm"},
}


class KeepState(Observer):
    """Copies the state after a number of steps."""

    def __init__(self, n_steps):
        self.n_steps = n_steps

    def begin_solve(self, state):
        self.solve_state = state

    def begin_step(self):
        if self.solve_state.n_steps == self.n_steps:
            self.state = self.solve_state.state_dict()

    def end_solve(self):
        if self.solve_state.n_steps == self.n_steps:
            self.state = self.solve_state.state_dict()


class FromState(Observer):
    """Continues from a state."""

    n_steps = 0

    def __init__(self, state):
        self.state = state

    def begin_solve(self, state):
        state.load_state_dict(self.state)

    def end_step(self, step, losses, model):
        self.n_steps += 1


@pytest.mark.parametrize("n_steps", [0, 3, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_a_solve_continues_to_the_same_result(kind, n_steps):
    settings = solver_settings(4, n_restarts=2, max_iter=6, batch_size=60, **KINDS[kind])
    keep = KeepState(n_steps)
    draws = Draws(0)
    expected = solve(feature_spaces(), settings, draws, observer=keep)
    again = Draws(0)
    observer = FromState(keep.state)
    found = solve(feature_spaces(), settings, again, observer=observer)
    assert observer.n_steps == 6 - n_steps
    assert torch.equal(found.losses, expected.losses)
    for a, b in zip(found.model.weights, expected.model.weights, strict=True):
        assert torch.equal(a, b)
    # the generators end in the same state
    assert torch.equal(again.rows(50, 7), draws.rows(50, 7))
    assert torch.equal(again.rotation(3), draws.rotation(3))


def test_a_state_can_be_written_to_a_file():
    keep = KeepState(2)
    solve(feature_spaces(), solver_settings(4, max_iter=3), Draws(0), observer=keep)
    tensors = keep.state.pop("tensors")
    assert all(isinstance(tensor, torch.Tensor) for tensor in tensors.values())
    assert json.loads(json.dumps(keep.state)) == keep.state
