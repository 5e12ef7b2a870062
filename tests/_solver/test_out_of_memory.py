"""Chunks where a device runs out of memory, by a stand-in that raises what torch raises."""

import numpy as np
import pytest
import torch

from sklearn_turtle import predict_to_file
from sklearn_turtle._input import _placement
from sklearn_turtle._solver import Statistics
from sklearn_turtle._solver.rows._chunks import in_chunks
from sklearn_turtle._solver.rows._projection import ProjectedSpace
from sklearn_turtle._solver.step import _linear_model as labeling
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()


class SmallDevice:
    """Runs out of memory wherever more rows than it holds are worked on at a time."""

    def __init__(self, n_rows):
        self.n_rows = n_rows
        self.n_failures = 0

    def take(self, rows):
        if len(rows) > self.n_rows:
            self.n_failures += 1
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return rows


def test_every_row_once_in_chunks_that_fit(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 600)
    device, done = SmallDevice(20), []

    def work(chunks):
        for rows in chunks:
            done.extend(device.take(range(rows.start, rows.stop)))
            yield rows

    with pytest.warns(UserWarning, match="out of memory") as caught:
        in_chunks(work, 1000, 4)
    assert done == list(range(1000))
    assert [str(warning.message) for warning in caught] == [
        f"The device is out of memory: going on in chunks of {size} rows." for size in (75, 37, 18)
    ]


def test_what_is_done_is_not_done_again():
    done, n_calls = [], 0

    def work(chunks):
        nonlocal n_calls
        n_calls += 1
        for rows in chunks:
            if done and n_calls == 1:  # another process takes memory
                raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
            done.append((rows.start, rows.stop))
            yield rows

    with pytest.warns(UserWarning, match="in chunks of 2097152 rows"):
        in_chunks(work, 1 << 23, 4)
    assert done == [(start, start + (1 << 22)) for start in (0,)] + [
        (start, start + (1 << 21)) for start in (1 << 22, 3 << 21)
    ]


def test_no_room_for_a_single_row():
    device = SmallDevice(0)

    def work(chunks):
        for rows in chunks:
            device.take(range(rows.start, rows.stop))
            yield rows

    with (
        pytest.warns(UserWarning, match="out of memory: going on in chunks"),
        pytest.raises(torch.cuda.OutOfMemoryError),
    ):
        in_chunks(work, 2, 1)
    assert device.n_failures == 2


@pytest.mark.parametrize("streamed", [False, True])
def test_prediction(monkeypatch, tmp_path, streamed):
    turtle = small_turtle().fit(SPACES)
    expected = turtle.predict_proba(SPACES)
    X = SPACES
    if streamed:  # a thread reads ahead
        for k, space in enumerate(SPACES):
            np.save(tmp_path / f"{k}.npy", space)
        X = [np.load(tmp_path / f"{k}.npy", mmap_mode="r") for k in range(2)]
    device, product = SmallDevice(50), labeling.logits

    def logits(x, *args):
        return product(device.take(x), *args)

    monkeypatch.setattr(labeling, "logits", logits)
    with pytest.warns(UserWarning, match="out of memory: going on in chunks"):
        predict_to_file(turtle, X, tmp_path / "y.npy", proba=True)
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), expected, rtol=1e-5)
    with pytest.warns(UserWarning, match="out of memory: going on in chunks"):
        np.testing.assert_array_equal(turtle.predict(X), turtle.labels_)


def test_statistics():
    device = SmallDevice(50)

    class Features(torch.Tensor):
        """Rows on a small device."""

        def __getitem__(self, rows):
            return device.take(self.as_subclass(torch.Tensor)[rows])

    x = torch.from_numpy(SPACES[0])
    expected = Statistics.of(x)
    with pytest.warns(UserWarning, match="out of memory: going on in chunks"):
        statistics = Statistics.of(x.as_subclass(Features))
    torch.testing.assert_close(statistics.mean, expected.mean)
    assert statistics.mean_l1_norm == pytest.approx(expected.mean_l1_norm)


def test_fit_without_room_for_prepared_rows(monkeypatch):
    expected = small_turtle().fit(SPACES)
    device = SmallDevice(0)
    monkeypatch.setattr(ProjectedSpace, "prepare", lambda space: device.take(SPACES[0]))
    with pytest.warns(UserWarning, match="rows are computed when they are drawn"):
        fitted = small_turtle().fit(SPACES)
    np.testing.assert_array_equal(fitted.labels_, expected.labels_)


def test_features_that_cannot_be_moved_are_streamed(monkeypatch):
    device = SmallDevice(0)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1 << 30, 1 << 30))
    monkeypatch.setattr(_placement, "_moved", lambda features, to: device.take(features))
    features = [torch.from_numpy(space) for space in SPACES]
    with pytest.warns(UserWarning, match="cuda:0 ran out of memory .* streamed"):
        found = _placement.moved_if_there_is_room(features, torch.device("cuda:0"))
    assert all(a is b for a, b in zip(found, features, strict=True))
