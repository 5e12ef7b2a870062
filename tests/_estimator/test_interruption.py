import signal
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.support.interrupted_fit import SPACES, digest, fit, uninterrupted
from tests.support.two_spaces import small_turtle

# few steps may leave clusters empty, and restarts that disagree
pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
]


@pytest.fixture(autouse=True)
def handler():
    """Python's handler of Ctrl-C: a shell ignores the signal in background jobs."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield signal.default_int_handler
    signal.signal(signal.SIGINT, previous)


def press_ctrl_c():
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("options", [{}, {"on_interrupt": "raise"}])
def test_by_default_the_last_fit_is_kept(after_steps, options):
    turtle = small_turtle(max_iter=20, polish_iter=5).fit(SPACES)
    before = digest(turtle)
    after_steps(12, press_ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(SPACES, **options)
    assert digest(turtle) == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["zero", "groups", "few rows"])
def test_a_stopped_fit_has_the_labeling_found_so_far(after_steps, handler, kind, share):
    n_steps = round(share * uninterrupted(kind)[0])
    after_steps(n_steps, press_ctrl_c)
    with pytest.warns(UserWarning, match=rf"ended the fit after {n_steps} of up to \d+ steps"):
        turtle = fit(kind, on_interrupt="stop")
    assert turtle.n_iter_ == len(turtle.loss_curve_) == n_steps
    np.testing.assert_array_equal(turtle.predict(SPACES), turtle.labels_)
    assert signal.getsignal(signal.SIGINT) is handler


def test_pressing_twice_raises(after_steps, handler):
    after_steps(7, lambda: (press_ctrl_c(), press_ctrl_c()))
    with pytest.raises(KeyboardInterrupt):
        fit("zero", on_interrupt="stop")
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_stopped_fit_continues_from_its_checkpoint(tmp_path, after_steps):
    n_steps, expected = uninterrupted("zero")
    after_steps(n_steps // 2, press_ctrl_c)
    with pytest.warns(UserWarning, match="ended the fit"):
        fit("zero", on_interrupt="stop", checkpoint=tmp_path / "c", checkpoint_every=5)
    assert digest(fit("zero", checkpoint=tmp_path / "c")) == expected


def test_other_threads_are_refused():
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="needs the main thread"):
        pool.submit(fit, "zero", on_interrupt="stop").result()


def test_unknown_values_are_refused():
    with pytest.raises(ValueError, match="on_interrupt='keep' must be 'raise' or 'stop'"):
        fit("zero", on_interrupt="keep")
