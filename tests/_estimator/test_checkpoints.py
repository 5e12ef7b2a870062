import os
import signal
import time
from multiprocessing import get_context

import numpy as np
import pytest

from sklearn_turtle._estimator import _checkpoints
from sklearn_turtle.persistence._container import read_container, write_container
from tests.support.interrupted_fit import (
    KINDS,
    SPACES,
    digest,
    fit,
    uninterrupted,
    write_digest,
)
from tests.support.two_spaces import small_turtle, two_spaces

# few steps may leave clusters empty, and restarts that disagree
pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
    pytest.mark.filterwarnings("ignore:The sizes that cluster_prior states"),
]

# Set SKLEARN_TURTLE_KILLS to kill more fits than in every run.
N_KILLS = int(os.environ.get("SKLEARN_TURTLE_KILLS", "2"))


def interrupt():
    raise KeyboardInterrupt


def steps_in(path):
    """Number of steps of each optimization in a checkpoint."""
    content, _ = read_container(path, _checkpoints.KIND, _checkpoints.FORMAT_VERSION)
    return [state["n_steps"] for state in content["states"]]


@pytest.mark.parametrize("share", [0.1, 0.6, 0.95])
@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupted_fit_continues_to_the_same_bits(tmp_path, after_steps, kind, share):
    n_steps, expected = uninterrupted(kind)
    n_steps = round(share * n_steps)
    after_steps(n_steps, interrupt)
    with pytest.raises(KeyboardInterrupt):
        fit(kind, checkpoint=tmp_path / "c", checkpoint_every=4)
    assert n_steps - 5 <= sum(steps_in(tmp_path / "c")) <= n_steps
    assert digest(fit(kind, checkpoint=tmp_path / "c")) == expected


@pytest.mark.parametrize("n_steps", [7, 12])
def test_a_fit_continues_within_a_pool_of_rows(tmp_path, after_steps, monkeypatch, n_steps):
    # pools of 5 mini-batches of 20 rows of 12 + 8 float32 features
    monkeypatch.setattr("sklearn_turtle._solver.rows._batches.POOL_BYTES", 5 * 20 * 20 * 4)
    mapped = []
    for name, X in zip("ab", SPACES, strict=True):
        np.save(tmp_path / f"{name}.npy", X)
        mapped.append(np.load(tmp_path / f"{name}.npy", mmap_mode="r"))
    turtle = small_turtle(
        max_iter=25, polish_iter=0, batch_size=20, n_components=None, precision="float32"
    )
    expected = digest(turtle.fit(mapped))
    after_steps(n_steps, interrupt)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(mapped, checkpoint=tmp_path / "c", checkpoint_every=1)
    assert digest(turtle.fit(mapped, checkpoint=tmp_path / "c")) == expected


def test_a_finished_fit_takes_no_further_step(tmp_path, after_steps):
    _, expected = uninterrupted("few rows")
    assert digest(fit("few rows", checkpoint=tmp_path / "c")) == expected
    after_steps(1, interrupt)
    assert digest(fit("few rows", checkpoint=tmp_path / "c")) == expected


def test_a_fit_continues_with_the_first_seed(tmp_path):
    turtle = small_turtle(random_state=None, max_iter=20, polish_iter=5)
    first = digest(turtle.fit(SPACES, checkpoint=tmp_path / "c"))
    assert digest(turtle.fit(SPACES, checkpoint=tmp_path / "c")) == first
    assert digest(turtle.fit(SPACES)) != first


def test_progress_counts_the_steps_before_the_interruption(tmp_path, after_steps, capsys):
    after_steps(30, interrupt)
    turtle = small_turtle(max_iter=40, polish_iter=0, verbose=2)
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=10)
    capsys.readouterr()
    turtle.fit(SPACES, checkpoint=tmp_path / "c")
    assert " step 21/40," in capsys.readouterr().out.splitlines()[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork server")
@pytest.mark.parametrize("number", range(N_KILLS))
def test_a_killed_fit_continues_to_the_same_bits(tmp_path, number):
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.support.interrupted_fit"])
    kind = list(KINDS)[number % len(KINDS)]
    checkpoint, result = tmp_path / "c", tmp_path / "result"
    rng = np.random.default_rng(number)

    def start():
        process = context.Process(target=write_digest, args=(kind, checkpoint, result))
        process.start()
        return process

    exit_code, longest = 0, 0.4
    while exit_code == 0:  # the fit had ended: kill the next one earlier
        checkpoint.unlink(missing_ok=True)
        process = start()
        while not checkpoint.exists():  # the fit has not begun
            assert process.is_alive()
            time.sleep(0.001)
        time.sleep(rng.uniform(0, longest))
        process.kill()
        process.join()
        exit_code, longest = process.exitcode, longest / 2
    assert exit_code == -signal.SIGKILL
    result.unlink(missing_ok=True)
    print(f"killed after {sum(steps_in(checkpoint))} steps of {kind}")
    process = start()
    process.join()
    assert process.exitcode == 0
    assert result.read_text() == uninterrupted(kind)[1]


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
            ({}, SPACES[:1], r"to the spaces \['space0', 'space1'\], but X has \['space0'\]"),
        ],
    )
    def test_another_fit(self, checkpoint, parameters, X, message):
        before = checkpoint.read_bytes()
        turtle = small_turtle(**{"max_iter": 5, "polish_iter": 0, **parameters})
        with pytest.raises(ValueError, match=f"/c: is a checkpoint of a fit .*{message}"):
            turtle.fit(X, checkpoint=checkpoint)
        assert checkpoint.read_bytes() == before
        assert not hasattr(turtle, "labels_")

    def test_another_version(self, checkpoint):
        version = _checkpoints.FORMAT_VERSION
        content, arrays = read_container(checkpoint, _checkpoints.KIND, version)
        content["identity"]["library_version"] = "0.0.1"
        write_container(checkpoint, _checkpoints.KIND, version, content, arrays)
        with pytest.raises(ValueError, match=r"/c: is a checkpoint of version 0\.0\.1"):
            small_turtle(max_iter=5, polish_iter=0).fit(SPACES, checkpoint=checkpoint)

    def test_a_saved_estimator(self, tmp_path):
        turtle = small_turtle(max_iter=5, polish_iter=0).fit(SPACES)
        turtle.save(tmp_path / "m")
        with pytest.raises(ValueError, match="/m: expected a safetensors file of kind 'checkpoint"):
            turtle.fit(SPACES, checkpoint=tmp_path / "m")

    def test_a_missing_folder(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            small_turtle().fit(SPACES, checkpoint=tmp_path / "none" / "c")

    def test_no_steps_between_checkpoints(self, tmp_path):
        with pytest.raises(ValueError, match="checkpoint_every == 0, must be >= 1"):
            small_turtle().fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=0)

    def test_an_unknown_number_of_clusters(self, tmp_path):
        with pytest.raises(ValueError, match="checkpoint does not support n_clusters='auto'"):
            small_turtle(n_clusters="auto").fit(SPACES, checkpoint=tmp_path / "c")


def test_verbosity_may_change(tmp_path):
    turtle = small_turtle(max_iter=5, polish_iter=0)
    expected = digest(turtle.fit(SPACES, checkpoint=tmp_path / "c"))
    turtle.set_params(verbose=1)
    assert digest(turtle.fit(SPACES, checkpoint=tmp_path / "c")) == expected
