"""Steps that a GPU replays, compared with steps whose kernels are launched one by one."""

import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, Observer, restart_labels, solve
from sklearn_turtle._solver.step._captured import EAGER_STEPS
from tests.support.settings import solver_settings
from tests.support.two_spaces import two_spaces

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")

SPACES, _ = two_spaces(n_samples=3000)
SETTINGS = {"n_clusters": 4, "n_restarts": 3, "max_iter": 25, "batch_size": 300}
KINDS = {
    "one inner step": {},
    "three inner steps": {"inner_steps": 3},
    "warm classifiers": {"inner_start": "warm", "inner_steps": 2},
    "cold classifiers": {"inner_start": "cold"},
    "all rows": {"batch_size": 3000},
    "known sizes": {"log_prior": torch.tensor([0.4, 0.3, 0.2, 0.1]).log()},
    "different restarts": {
        "gamma": torch.tensor([10.0, 3.0, 1.0]),
        "inner_lr": torch.tensor([0.01, 0.02, 0.03]),
        "outer_lr": torch.tensor([0.01, 0.005, 0.02]),
    },
    "eager steps only": {"max_iter": EAGER_STEPS},
}


def feature_spaces(dtype=torch.float32):
    return [
        FeatureSpace(torch.from_numpy(x).cuda(), scale=0.3, dtype=dtype, device="cuda")
        for x in SPACES
    ]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("kind", KINDS)
def test_replayed_steps_equal_eager_steps(kind, dtype, monkeypatch):
    settings = solver_settings(**{**SETTINGS, **KINDS[kind]})
    spaces = feature_spaces(dtype)
    replayed = solve(spaces, settings, Draws(0))
    monkeypatch.setattr("sklearn_turtle._solver.loop._solve.CapturedStep", lambda step, *args: step)
    eager = solve(spaces, settings, Draws(0))
    assert len(replayed.losses) == len(eager.losses)
    torch.testing.assert_close(replayed.losses, eager.losses, rtol=1e-3, atol=1e-3)
    labels = [restart_labels(solution.model, spaces) for solution in (replayed, eager)]
    assert (labels[0] == labels[1]).double().mean() > 0.99


class ForbidWaiting(Observer):
    """Forbids waiting for the device once steps are replayed."""

    n_steps = 0

    def begin_step(self):
        self.n_steps += 1
        if self.n_steps > EAGER_STEPS + 1:
            torch.cuda.set_sync_debug_mode("error")

    def end_solve(self):
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.filterwarnings("ignore:Synchronization debug mode")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if "cold" not in kind])
def test_no_step_waits_for_the_device(kind):
    settings = solver_settings(**{**SETTINGS, **KINDS[kind]})
    try:
        solve(feature_spaces(), settings, Draws(0), observer=ForbidWaiting())
    finally:
        torch.cuda.set_sync_debug_mode("default")
