"""A fit that goes on from a checkpoint finds what it would have found, to the bit."""

import os
import signal
import time
from multiprocessing import get_context

import numpy as np
import pytest

from sklearn_turtle._estimator import _checkpoints
from sklearn_turtle.persistence._container import read_container, write_container
from tests.support.interrupted_fit import KINDS, SPACES, digest, fit, fit_and_tell
from tests.support.two_spaces import small_turtle, two_spaces

# a long test kills more often
N_KILLS = int(os.environ.get("SKLEARN_TURTLE_KILLS", "3"))


def interrupt():
    raise KeyboardInterrupt


@pytest.mark.parametrize("n_steps", [3, 30, 45, 70, 110])
@pytest.mark.parametrize("kind", KINDS)
def test_goes_on_to_the_bit(tmp_path, after_steps, kind, n_steps):
    expected = digest(fit(kind))
    after_steps(n_steps, interrupt)
    try:
        turtle = fit(kind, checkpoint=tmp_path / "c", checkpoint_every=4)
    except KeyboardInterrupt:
        steps_before = states(tmp_path / "c")
        assert n_steps - 5 <= sum(steps_before) <= n_steps
        turtle = fit(kind, checkpoint=tmp_path / "c")
    assert digest(turtle) == expected


@pytest.mark.parametrize("n_steps", [7, 12])
def test_goes_on_in_the_middle_of_a_pool_of_rows_on_disk(
    tmp_path, after_steps, monkeypatch, n_steps
):
    # pools of 5 mini-batches of 20 rows of 5 + 7 float32 features
    monkeypatch.setattr("sklearn_turtle._solver.rows._batches.POOL_BYTES", 5 * 20 * 12 * 4)
    on_disk = []
    for name, X in zip("ab", SPACES, strict=True):
        np.save(tmp_path / f"{name}.npy", X)
        on_disk.append(np.load(tmp_path / f"{name}.npy", mmap_mode="r"))
    turtle = small_turtle(
        max_iter=25, polish_iter=0, batch_size=20, n_components=None, precision="float32"
    )
    expected = digest(turtle.fit(on_disk))
    after_steps(n_steps, interrupt)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(on_disk, checkpoint=tmp_path / "c", checkpoint_every=1)
    assert digest(turtle.fit(on_disk, checkpoint=tmp_path / "c")) == expected


def states(path):
    content, _ = read_container(path, _checkpoints.KIND, 1)
    return [state["n_steps"] for state in content["states"]]


def test_finished_fit_takes_no_further_step(tmp_path, after_steps):
    expected = digest(fit("few rows", checkpoint=tmp_path / "c"))
    after_steps(1, interrupt)
    assert digest(fit("few rows", checkpoint=tmp_path / "c")) == expected


def test_seed_of_the_first_fit(tmp_path, after_steps):
    turtle = small_turtle(random_state=None, max_iter=20, polish_iter=5)
    first = digest(turtle.fit(SPACES, checkpoint=tmp_path / "c"))
    assert digest(turtle.fit(SPACES, checkpoint=tmp_path / "c")) == first
    assert digest(turtle.fit(SPACES)) != first


def test_verbose_counts_the_steps_of_both(tmp_path, after_steps, capsys):
    after_steps(30, interrupt)
    turtle = small_turtle(max_iter=40, polish_iter=0, verbose=2)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=10)
    capsys.readouterr()
    turtle.fit(SPACES, checkpoint=tmp_path / "c")
    assert " step 21/40," in capsys.readouterr().out.splitlines()[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="killed processes are forked")
@pytest.mark.parametrize("number", range(N_KILLS))
def test_killed(tmp_path, number):
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.support.interrupted_fit"])
    kind = list(KINDS)[number % len(KINDS)]
    rng = np.random.default_rng(number)

    def start():
        process = context.Process(
            target=fit_and_tell, args=(kind, tmp_path / "c", tmp_path / "result")
        )
        process.start()
        return process

    exit_code, latest = 0, 0.4
    while exit_code == 0:  # it was over before: once more, and sooner
        (tmp_path / "c").unlink(missing_ok=True)
        process = start()
        while not (tmp_path / "c").exists():  # the fit has not begun
            assert process.is_alive()
            time.sleep(0.001)
        time.sleep(rng.uniform(0, latest))
        process.kill()
        process.join()
        exit_code, latest = process.exitcode, latest / 2
    assert exit_code == -signal.SIGKILL
    (tmp_path / "result").unlink(missing_ok=True)
    told = f"killed after {sum(states(tmp_path / 'c'))} steps of {kind}"
    process = start()
    process.join()
    assert process.exitcode == 0
    print(told)
    assert (tmp_path / "result").read_text() == digest(fit(kind))


class TestRefused:
    @pytest.fixture
    def checkpoint(self, tmp_path):
        small_turtle(max_iter=5, polish_iter=0).fit(SPACES, checkpoint=tmp_path / "c")
        return tmp_path / "c"

    @pytest.mark.parametrize(
        ("parameters", "X", "message"),
        [
            ({"gamma": 9.0}, SPACES, "other parameters: gamma"),
            ({"random_state": 1}, SPACES, "other parameters: random_state"),
            ({}, two_spaces(seed=1)[0], "'space0' has another values"),
            ({}, [space[:-1] for space in SPACES], "'space0' has another shape"),
            ({}, [space.astype("float64") for space in SPACES], "'space0' has another dtype"),
            ({}, SPACES[:1], r"to the spaces \['space0', 'space1'\], and X has \['space0'\]"),
        ],
    )
    def test_of_another_fit(self, checkpoint, parameters, X, message):
        before = checkpoint.read_bytes()
        turtle = small_turtle(**{"max_iter": 5, "polish_iter": 0, **parameters})
        with pytest.raises(ValueError, match=f"/c: is a checkpoint of a fit .*{message}"):
            turtle.fit(X, checkpoint=checkpoint)
        assert checkpoint.read_bytes() == before
        assert not hasattr(turtle, "labels_")

    def test_of_another_version(self, checkpoint, tmp_path):
        content, arrays = read_container(checkpoint, _checkpoints.KIND, 1)
        content["identity"]["library_version"] = "0.0.1"
        write_container(checkpoint, _checkpoints.KIND, 1, content, arrays)
        with pytest.raises(ValueError, match=r"/c: is a checkpoint of version 0\.0\.1"):
            small_turtle(max_iter=5, polish_iter=0).fit(SPACES, checkpoint=checkpoint)

    def test_a_model(self, tmp_path):
        turtle = small_turtle(max_iter=5, polish_iter=0).fit(SPACES)
        turtle.save(tmp_path / "m")
        with pytest.raises(ValueError, match="/m: expected a safetensors file of kind 'checkpoint"):
            turtle.fit(SPACES, checkpoint=tmp_path / "m")

    def test_no_folder(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            small_turtle().fit(SPACES, checkpoint=tmp_path / "none" / "c")

    def test_number_of_steps(self, tmp_path):
        with pytest.raises(ValueError, match="checkpoint_every == 0, must be >= 1"):
            small_turtle().fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=0)
