import os

# scipy reads this when it is imported: without it, scikit-learn skips its check of the array API
os.environ.setdefault("SCIPY_ARRAY_API", "1")
# torch reads this when it is imported: threads of several workers would wait for each other
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import pytest

from sklearn_turtle._estimator._progress import FitProgress


@pytest.fixture(scope="session")
def shared_folder():
    """The folder of recordings and real embeddings that SKLEARN_TURTLE_SHARED names."""
    folder = os.environ.get("SKLEARN_TURTLE_SHARED")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SKLEARN_TURTLE_SHARED does not name the folder of recordings and embeddings")
    return Path(folder)


@pytest.fixture
def after_steps(monkeypatch):
    """A function that sets an action to take once fits have taken a number of steps."""

    def set_action(n_steps, action):
        count = 0
        end_step = FitProgress.end_step

        def counting(*args):
            nonlocal count
            count += 1
            if count == n_steps:
                action()
            return end_step(*args)

        monkeypatch.setattr(FitProgress, "end_step", counting)

    return set_action
