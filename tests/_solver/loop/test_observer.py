import pytest
import torch

from sklearn_turtle._solver import Draws, ForwardingObserver, Observer, solve
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings

SETTINGS = solver_settings(4, n_restarts=2, max_iter=3, batch_size=60)


class Recorder(Observer):
    """Records the progress of a solve."""

    def __init__(self):
        self.calls, self.losses, self.models = [], [], []

    def begin_solve(self, state):
        self.calls.append("begin solve")

    def end_solve(self):
        self.calls.append("end solve")

    def begin_step(self):
        self.calls.append("begin step")

    def end_step(self, step, losses, model):
        self.calls.append(f"end step {step}")
        self.losses.append(losses.clone())
        self.models.append(model())


@pytest.mark.parametrize("forward", [False, True])
def test_observers_receive_the_progress(forward):
    recorder = Recorder()
    observer = ForwardingObserver(recorder) if forward else recorder
    solution = solve(feature_spaces(), SETTINGS, Draws(0), observer=observer)
    steps = [call for step in range(3) for call in ("begin step", f"end step {step}")]
    assert recorder.calls == ["begin solve", *steps, "end solve"]
    assert torch.equal(torch.stack(recorder.losses), solution.losses)
    torch.testing.assert_close(recorder.models[-1].weights, solution.model.weights)
    assert not torch.equal(recorder.models[0].weights[0], solution.model.weights[0])


@pytest.mark.parametrize("observer", [None, Observer(), ForwardingObserver(None)])
def test_progress_is_ignored_by_default(observer):
    solution = solve(feature_spaces(), SETTINGS, Draws(0), observer=observer)
    assert len(solution.losses) == 3
    assert not solution.stopped


@pytest.mark.parametrize("forward", [False, True])
def test_observers_end_the_optimization(forward):
    class AfterTwoSteps(Observer):
        def end_step(self, step, losses, model):
            return step == 1

    observer = ForwardingObserver(AfterTwoSteps()) if forward else AfterTwoSteps()
    solution = solve(feature_spaces(), SETTINGS, Draws(0), observer=observer)
    assert solution.stopped
    assert solution.losses.shape == (2, 2)
