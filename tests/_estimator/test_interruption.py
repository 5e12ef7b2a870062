"""Ctrl-C leaves the earlier fit, or the labeling found so far."""

import signal
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.support.interrupted_fit import SPACES, digest, fit
from tests.support.two_spaces import small_turtle


def press():
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("how", [{}, {"on_interrupt": "raise"}])
def test_earlier_fit_is_left(after_steps, how):
    turtle = small_turtle(max_iter=20, polish_iter=5).fit(SPACES)
    before = digest(turtle)
    after_steps(12, press)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(SPACES, **how)
    assert digest(turtle) == before


# in the search, in the polish, and before each of its last phases
@pytest.mark.parametrize(
    ("kind", "n_steps", "most"),
    [("zero", 30, 120), ("zero", 50, 120), ("few rows", 95, 140), ("few rows", 115, 140)],
)
def test_found_so_far(after_steps, kind, n_steps, most):
    handler = signal.getsignal(signal.SIGINT)
    after_steps(n_steps, press)
    with pytest.warns(UserWarning, match=f"ended the fit after {n_steps} of up to {most} steps"):
        turtle = fit(kind, on_interrupt="stop")
    assert turtle.n_iter_ == n_steps
    np.testing.assert_array_equal(turtle.predict(SPACES), turtle.labels_)
    assert signal.getsignal(signal.SIGINT) is handler


def test_second_one_raises(after_steps):
    handler = signal.getsignal(signal.SIGINT)
    after_steps(7, lambda: (press(), press()))
    with pytest.raises(KeyboardInterrupt):
        fit("zero", on_interrupt="stop")
    assert signal.getsignal(signal.SIGINT) is handler


def test_stopped_fit_goes_on_from_its_checkpoint(tmp_path, after_steps):
    expected = digest(fit("zero"))
    after_steps(50, press)
    with pytest.warns(UserWarning, match="ended the fit"):
        fit("zero", on_interrupt="stop", checkpoint=tmp_path / "c", checkpoint_every=5)
    assert digest(fit("zero", checkpoint=tmp_path / "c")) == expected


def test_other_thread():
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="needs the main thread"):
        pool.submit(fit, "zero", on_interrupt="stop").result()


def test_unknown():
    with pytest.raises(ValueError, match="on_interrupt='keep' must be 'raise' or 'stop'"):
        fit("zero", on_interrupt="keep")
