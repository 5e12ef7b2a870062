import numpy as np
import pytest
import torch

from sklearn_turtle._input.lazy import LazyMatrix
from sklearn_turtle._input.lazy._rows import LazyRows
from sklearn_turtle._solver.rows._chunks import (
    in_chunks,
    is_lazy,
    on_device,
    row_chunks,
    select,
    spread_rows,
)
from tests.support.small_device import SmallDevice


class Numbered(LazyMatrix):
    """Rows that hold their own numbers."""

    def _read(self, start, stop):
        return np.arange(start, stop, dtype=np.float32)[:, None]


FEATURES = {
    "tensor": torch.arange(9.0)[:, None],
    "lazy": LazyRows(Numbered((9, 1), np.float32)),
}


@pytest.fixture
def chunk_values(monkeypatch):
    """A function that sets the number of values of a chunk."""

    def set_values(n_values):
        monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", n_values)

    return set_values


def test_chunks_cover_all_rows_once(chunk_values):
    chunk_values(70)
    chunks = list(row_chunks(100, 10))
    rows = np.concatenate([np.arange(100)[chunk] for chunk in chunks])
    np.testing.assert_array_equal(rows, np.arange(100))
    assert max(chunk.stop - chunk.start for chunk in chunks) == 7


def test_a_chunk_has_at_least_one_row(chunk_values):
    chunk_values(70)
    assert list(row_chunks(3, 10**9)) == [slice(0, 1), slice(1, 2), slice(2, 3)]


def test_chunks_are_halved_until_they_fit(chunk_values):
    chunk_values(600)
    device, done = SmallDevice(20), []

    def work(chunks):
        for rows in chunks:
            done.extend(device.hold(range(rows.start, rows.stop)))
            yield rows

    with pytest.warns(UserWarning, match="out of memory") as caught:
        in_chunks(work, 1000, 4)
    assert done == list(range(1000))
    assert [str(warning.message) for warning in caught] == [
        f"The device is out of memory: going on in chunks of {size} rows." for size in (75, 37, 18)
    ]


def test_finished_chunks_are_not_repeated(chunk_values):
    chunk_values(160)
    done, n_calls = [], 0

    def work(chunks):
        nonlocal n_calls
        n_calls += 1
        for rows in chunks:
            if done and n_calls == 1:  # another process takes memory
                raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
            done.append((rows.start, rows.stop))
            yield rows

    with pytest.warns(UserWarning, match="in chunks of 20 rows"):
        in_chunks(work, 80, 4)
    assert done == [(0, 40), (40, 60), (60, 80)]


def test_an_error_if_there_is_no_memory_for_a_single_row():
    device = SmallDevice(0)

    def work(chunks):
        for rows in chunks:
            device.hold(range(rows.start, rows.stop))
            yield rows

    with (
        pytest.warns(UserWarning, match="out of memory: going on in chunks"),
        pytest.raises(torch.cuda.OutOfMemoryError),
    ):
        in_chunks(work, 2, 1)
    assert device.n_failures == 2


@pytest.mark.parametrize(("n_samples", "max_rows"), [(1, 5), (5, 5), (41, 5), (1000, 7), (7, 1)])
def test_spread_rows_are_even(n_samples, max_rows):
    rows = spread_rows(n_samples, max_rows)
    assert len(rows) == min(n_samples, max_rows)
    assert rows[0] == 0
    if len(rows) > 1:
        gaps = rows.diff()
        assert rows[-1] == n_samples - 1
        assert gaps.min() > 0
        assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize("features", FEATURES.values(), ids=FEATURES)
@pytest.mark.parametrize(
    ("rows", "expected"),
    [(None, range(9)), (slice(2, 5), [2, 3, 4]), (torch.tensor([7, 0]), [7, 0])],
)
def test_rows_are_selected_from_any_features(features, rows, expected):
    assert select(features, rows)[:, 0].tolist() == list(expected)


def test_tensors_are_not_lazy():
    assert not is_lazy(FEATURES["tensor"])
    assert is_lazy(FEATURES["lazy"])


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_tensors_are_moved(device):
    assert on_device(torch.zeros(2), torch.device(device)).device.type == device
