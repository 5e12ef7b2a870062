"""Fits in several processes."""

import multiprocessing
import pickle
import signal
from pathlib import Path

import numpy as np
import pytest
import torch.distributed as dist
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_turtle.distributed import fit_sharded
from tests.support import workers
from tests.support.two_spaces import small_turtle
from tests.support.workers import ENDS, FITS, SPACES, TIMEOUT

pytestmark = pytest.mark.skipif(not dist.is_gloo_available(), reason="torch has no gloo")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Outcomes of each of four processes, by rank."""
    folder = tmp_path_factory.mktemp("processes")
    context = multiprocessing.get_context("forkserver")
    # All processes share one import of torch.
    context.set_forkserver_preload(["tests.support.workers"])
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
def expected_fits():
    """Fits in a single process, by name."""
    return {name: small_turtle(**parameters).fit(SPACES) for name, parameters in FITS.items()}


def assert_same_fit(of_processes, expected, n_processes):
    """Assert that a fit matches one in a single process to 1e-5, with the labels of its rows."""
    for rank, fitted in enumerate(of_processes):
        for name in ("coef_", "intercept_"):
            for own, of_all in zip(fitted[name], getattr(expected, name), strict=True):
                np.testing.assert_allclose(own, of_all, rtol=0, atol=1e-5 * np.abs(of_all).max())
        np.testing.assert_allclose(
            fitted["loss_curve_"], expected.loss_curve_, rtol=1e-5, atol=1e-5
        )
        np.testing.assert_allclose(fitted["agreement_"], expected.agreement_)
        assert fitted["temperature_"] == pytest.approx(expected.temperature_, rel=1e-5)
        assert fitted["n_iter_"] == expected.n_iter_
        own_labels = expected.labels_[workers.rows_of(rank, n_processes)]
        np.testing.assert_array_equal(fitted["labels_"], own_labels)


@pytest.mark.parametrize("n_processes", [2, 4])
@pytest.mark.parametrize("name", FITS)
def test_fit_matches_single_process(outcomes, expected_fits, name, n_processes):
    of_processes = [outcomes[rank][name, n_processes] for rank in range(n_processes)]
    assert_same_fit(of_processes, expected_fits[name], n_processes)
    for fitted in of_processes[1:]:
        for own, of_first in zip(fitted["coef_"], of_processes[0]["coef_"], strict=True):
            np.testing.assert_array_equal(own, of_first)


def test_parameters_of_the_fits_take_effect(expected_fits):
    labels = [expected_fits[name].labels_ for name in ("all rows", "known sizes")]
    assert not np.array_equal(*labels)


@pytest.mark.parametrize("n_processes", [2, 4])
def test_solver_in_float64(outcomes, n_processes):
    expected = workers.solve_in_float64(SPACES)
    for rank in range(n_processes):
        for own, of_all in zip(outcomes[rank]["float64", n_processes], expected, strict=True):
            np.testing.assert_allclose(own, of_all, atol=1e-12 * np.abs(of_all).max())


def test_only_one_process_streams_its_rows(outcomes, expected_fits):
    of_processes = [outcomes[rank]["streamed by one"] for rank in (0, 1)]
    assert_same_fit(of_processes, expected_fits["mini-batches"], 2)


def test_random_state_of_first_process_is_used(outcomes, expected_fits):
    of_processes = [outcomes[rank]["random states"] for rank in (0, 1)]
    assert_same_fit(of_processes, expected_fits["averages"], 2)


def test_one_process_stops_all(outcomes):
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
        ("auto", (ValueError,) * 2, ("does not support n_clusters='auto'",) * 2),
        ("constant", (ValueError,) * 2, ("'space0' is constant",) * 2),
        ("too few", (ValueError,) * 2, ("n_samples=400 should be >= n_clusters=401",) * 2),
    ],
)
def test_all_processes_raise(outcomes, name, types, messages):
    for rank, (kind, message) in enumerate(zip(types, messages, strict=True)):
        error = outcomes[rank]["errors"][name]
        with pytest.raises(kind, match=message):
            raise error


@pytest.mark.parametrize("rank", [0, 2], ids=["other process killed", "other process stopped"])
def test_fault_of_one_process_ends_the_fit(outcomes, rank):
    error, seconds, is_fitted = outcomes[rank]["fault"]
    assert isinstance(error, RuntimeError)
    assert "lost the connection" in str(error)
    assert seconds < TIMEOUT + 30  # with a margin for a busy machine
    assert not is_fitted


@pytest.fixture
def group_of_one():
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def test_group_of_one(group_of_one, expected_fits):
    turtle = small_turtle(**FITS["mini-batches"])
    assert fit_sharded(turtle, SPACES) is turtle
    np.testing.assert_array_equal(turtle.labels_, expected_fits["mini-batches"].labels_)


def test_fit_ignores_the_process_group(group_of_one, monkeypatch):
    monkeypatch.setattr(dist, "all_reduce", None)
    small_turtle(**FITS["mini-batches"]).fit(SPACES)


@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
def test_warnings_point_to_the_caller(group_of_one):
    with pytest.warns(UserWarning, match="sizes that cluster_prior states are missed") as caught:
        fit_sharded(small_turtle(n_clusters=12, cluster_prior=8.0), SPACES)
    assert {Path(warning.filename).name for warning in caught} == {"test_fit.py"}


def test_ends_cover_all_rows():
    for n_processes, ends in ENDS.items():
        rows = [np.arange(400)[workers.rows_of(rank, n_processes)] for rank in range(n_processes)]
        np.testing.assert_array_equal(np.concatenate(rows), np.arange(400))
        assert len(rows) == len(ends)
