"""Fits by several processes are those by one, and end with an error where one of them fails."""

import multiprocessing
import pickle
import signal
from pathlib import Path

import numpy as np
import pytest
import torch.distributed as dist
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_turtle.distributed import fit_sharded
from tests.support import workers
from tests.support.two_spaces import small_turtle
from tests.support.workers import ENDS, FITS, SPACES, TIMEOUT

pytestmark = pytest.mark.skipif(not dist.is_gloo_available(), reason="torch has no gloo")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What each of four processes was left with, by rank."""
    folder = tmp_path_factory.mktemp("processes")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=workers.run, args=(rank, folder)) for rank in range(4)]
    for process in processes:
        process.start()
    try:
        for rank in (0, 2, 1):
            processes[rank].join(120)
        assert [process.exitcode for process in processes[:3]] == [0, -signal.SIGKILL, 0]
    finally:
        for process in processes:
            process.kill()
            process.join()
    return [pickle.loads((folder / f"{rank}.pickle").read_bytes()) for rank in range(4)]


@pytest.fixture(scope="module")
def alone():
    return {name: small_turtle(**parameters).fit(SPACES) for name, parameters in FITS.items()}


def assert_same_fit(of_processes, expected, n_processes):
    """The fit is that of one process, to 1e-5, and labels are those of the own rows."""
    for rank, fitted in enumerate(of_processes):
        for name in ("coef_", "intercept_"):
            for own, of_all in zip(fitted[name], getattr(expected, name), strict=True):
                np.testing.assert_allclose(own, of_all, rtol=0, atol=1e-5 * np.abs(of_all).max())
        np.testing.assert_allclose(fitted["loss_curve_"], expected.loss_curve_, rtol=1e-5)
        np.testing.assert_allclose(fitted["agreement_"], expected.agreement_)
        assert fitted["temperature_"] == pytest.approx(expected.temperature_, rel=1e-5)
        assert fitted["n_iter_"] == expected.n_iter_
        own_labels = expected.labels_[workers.rows_of(rank, n_processes)]
        np.testing.assert_array_equal(fitted["labels_"], own_labels)


@pytest.mark.parametrize("n_processes", [2, 4])
@pytest.mark.parametrize("name", FITS)
def test_fit_is_that_of_one_process(outcomes, alone, name, n_processes):
    of_processes = [outcomes[rank][name, n_processes] for rank in range(n_processes)]
    assert_same_fit(of_processes, alone[name], n_processes)
    for fitted in of_processes[1:]:  # to the bit
        for own, of_first in zip(fitted["coef_"], of_processes[0]["coef_"], strict=True):
            np.testing.assert_array_equal(own, of_first)


def test_settings_do_what_they_are_tested_for(alone):
    assert alone["settled"].n_iter_ < alone["mini-batches"].n_iter_  # ended by tol
    assert not np.array_equal(alone["all rows"].labels_, alone["known sizes"].labels_)


@pytest.mark.parametrize("n_processes", [2, 4])
def test_solver_in_float64(outcomes, n_processes):
    expected = workers.solve_in_float64(SPACES)
    for rank in range(n_processes):
        for own, of_all in zip(outcomes[rank]["float64", n_processes], expected, strict=True):
            np.testing.assert_allclose(own, of_all, atol=1e-12 * np.abs(of_all).max())


def test_rows_may_be_streamed_by_one_process_only(outcomes, alone):
    assert_same_fit([outcomes[rank]["streamed by one"] for rank in (0, 1)], alone["settled"], 2)


def test_random_state_is_that_of_the_first_process(outcomes, alone):
    assert_same_fit([outcomes[rank]["random states"] for rank in (0, 1)], alone["all rows"], 2)


def test_one_process_may_end_the_fit_of_all(outcomes):
    assert [outcomes[rank]["ended by one"]["n_iter_"] for rank in (0, 1)] == [7, 7]


@pytest.mark.parametrize(
    ("name", "types", "messages"),
    [
        (
            "not finite",
            (RuntimeError, ValueError),
            ("Process 1 .* ValueError: .*NaN: space 'space0', first in row 7", "first in row 7"),
        ),
        ("no rows", (RuntimeError, ValueError), ("Process 1 .*0 sample", "0 sample")),
        ("widths", (ValueError,) * 2, (r"numbers of features: process 0 has \[12, 8\]",) * 2),
        ("parameters", (ValueError,) * 2, ("agree on their parameter 'gamma'",) * 2),
        ("invalid", (InvalidParameterError,) * 2, ("'gamma'",) * 2),
        ("constant", (ValueError,) * 2, ("'space0' is constant",) * 2),
        ("too few", (ValueError,) * 2, ("n_samples=400 should be >= n_clusters=401",) * 2),
    ],
)
def test_an_error_of_one_process_is_one_of_all(outcomes, name, types, messages):
    for rank, (kind, message) in enumerate(zip(types, messages, strict=True)):
        error = outcomes[rank]["refusals"][name]
        with pytest.raises(kind, match=message):
            raise error


@pytest.mark.parametrize("rank", [0, 2])  # the other process of 0 was killed, that of 2 stopped
def test_a_process_that_dies_or_hangs_ends_the_fit(outcomes, rank):
    error, seconds, is_fitted = outcomes[rank]["fault"]
    assert isinstance(error, RuntimeError)
    assert "lost each other" in str(error)
    assert seconds < TIMEOUT + 30  # a hang would take for ever
    assert not is_fitted


@pytest.fixture
def group_of_one():
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def test_group_of_one(group_of_one, alone):
    turtle = small_turtle(**FITS["mini-batches"])
    assert fit_sharded(turtle, SPACES) is turtle
    np.testing.assert_array_equal(turtle.labels_, alone["mini-batches"].labels_)


def test_a_fit_is_sharded_only_when_asked(group_of_one, monkeypatch):
    monkeypatch.setattr(dist, "all_reduce", None)
    small_turtle(**FITS["mini-batches"]).fit(SPACES)


@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
def test_warnings_point_to_the_caller(group_of_one):
    with pytest.warns(ConvergenceWarning, match="clusters are empty") as caught:
        fit_sharded(small_turtle(n_clusters=12, cluster_prior=8.0, gamma=100.0), SPACES)
    assert {Path(warning.filename).name for warning in caught} == {"test_fit.py"}


def test_a_group_is_needed():
    turtle = small_turtle()
    with pytest.raises(RuntimeError, match="torchrun"):
        fit_sharded(turtle, SPACES)
    with pytest.raises(NotFittedError):
        turtle.predict(SPACES)


def test_rows_are_all_given_out():
    for n_processes, ends in ENDS.items():
        rows = [np.arange(400)[workers.rows_of(rank, n_processes)] for rank in range(n_processes)]
        np.testing.assert_array_equal(np.concatenate(rows), np.arange(400))
        assert len(rows) == len(ends)
