import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_turtle._input.lazy import LazyMatrix
from sklearn_turtle._input.lazy._rows import LazyRows
from sklearn_turtle._solver import Draws, FeatureSpace, Shard
from sklearn_turtle._solver.rows._batches import block_rows, mini_batches
from sklearn_turtle._solver.rows._draws import RepeatedDraws
from tests.support.processes import OneOfSeveral

X = torch.arange(60.0).view(20, 3)


def batches_of_two_spaces(streamed, n_batches=4, batch_size=6):
    spaces = [FeatureSpace(X, streamed=streamed), FeatureSpace(X * 2)]
    return list(mini_batches(spaces, Draws(0), batch_size, n_batches))


def test_reading_ahead_gives_the_same_batches():
    now, ahead = batches_of_two_spaces(False), batches_of_two_spaces(True)
    for (of_now, _), (of_ahead, _) in zip(now, ahead, strict=True):
        for a, b in zip(of_now, of_ahead, strict=True):
            assert torch.equal(a, b)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("skip", [0, 1, 3, 4])
def test_skipped_batches_leave_the_others_unchanged(streamed, skip):
    spaces = [FeatureSpace(X, streamed=streamed)]
    rest = list(mini_batches(spaces, Draws(0), 6, 4, skip=skip))
    assert len(rest) == 4 - skip
    expected = batches_of_two_spaces(streamed)[skip:]
    for ((a,), _), ((b, _), _) in zip(rest, expected, strict=True):
        assert torch.equal(a, b)


def test_all_spaces_have_the_same_rows():
    for (first, second), n_rows in batches_of_two_spaces(True):
        assert first.shape == (n_rows, 3) == (6, 3)
        assert torch.equal(first * 2, second)


def test_a_batch_has_at_most_all_rows():
    for (first, _), n_rows in batches_of_two_spaces(False, batch_size=21):
        assert torch.equal(first, X)
        assert n_rows == 20


def test_errors_of_the_reader_reach_the_caller():
    class Broken(FeatureSpace):
        def batch(self, rows=None):
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(mini_batches([Broken(X, streamed=True)], Draws(0), 6, 2))


@pytest.mark.parametrize("in_blocks", [False, True])
def test_processes_share_the_batches_of_a_single_process(in_blocks):
    def batches_of(start, stop, shard):
        space = FeatureSpace(X[start:stop], streamed=True, shard=shard)
        space.in_blocks = in_blocks
        return list(mini_batches([space], Draws(0), 6, 4))

    first = Shard(8, OneOfSeveral(0, {0: None, 1: 12}))
    second = Shard(12, OneOfSeveral(1, {0: 8, 1: None}))
    parts = zip(batches_of(0, 8, first), batches_of(8, 20, second), strict=True)
    for (whole, n_rows), two in zip(batches_of(0, 20, None), parts, strict=True):
        together = torch.cat([batches[0] for batches, _ in two])
        assert {n_rows, *(n for _, n in two)} == {6}
        assert torch.equal(together.sort(0).values, whole[0].sort(0).values)


class Numbered(LazyMatrix):
    """Rows that hold their own numbers; records which rows are read."""

    def __init__(self, n_samples):
        super().__init__((n_samples, 2), np.float32)
        self.taken = []

    def _read(self, start, stop):
        return np.repeat(np.arange(start, stop, dtype=np.float32)[:, None], 2, axis=1)

    def take(self, rows):
        self.taken.append(rows)
        return super().take(rows)


class TestPools:
    @pytest.fixture(autouse=True)
    def _small_pools(self, monkeypatch):
        # pools of 100 rows of 16 bytes, in blocks of 5
        monkeypatch.setattr("sklearn_turtle._solver.rows._batches.POOL_BYTES", 1600)
        monkeypatch.setattr("sklearn_turtle._solver.rows._batches.POOL_BLOCKS", 20)

    def batches(self, n_samples, batch_size, n_batches, draws=None):
        """The numbers of the rows of each mini-batch."""
        self.matrix = Numbered(n_samples)
        spaces = 2 * [FeatureSpace(LazyRows(self.matrix), streamed=True)]
        batches = mini_batches(spaces, draws or Draws(0), batch_size, n_batches)
        return [first[:, 0].long() for (first, _), _ in batches]

    def test_every_row_of_a_pool_is_in_one_batch(self):
        batches = self.batches(10_000, 20, 13)
        assert [len(rows) for rows in batches] == [20] * 13
        for first, last in [(0, 5), (5, 10), (10, 13)]:
            assert len(set(torch.cat(batches[first:last]).tolist())) == 20 * (last - first)

    def test_pools_are_read_in_blocks_in_order(self):
        self.batches(10_000, 20, 10)
        rows = self.matrix.taken[0]
        assert (np.diff(rows) > 0).all()
        # 20 runs of 5 adjacent rows; one of them may be cut in two by the end of the data
        assert (np.diff(rows) > 1).sum() <= 20

    def test_a_batch_has_few_rows_of_a_block(self):
        for rows in self.batches(100_000, 20, 10):
            _, counts = np.unique(rows.numpy() // 5000, return_counts=True)
            assert counts.max() <= 6  # in each of 20 parts of the data

    def test_all_spaces_have_the_same_rows(self):
        spaces = [FeatureSpace(LazyRows(Numbered(500)), streamed=True) for _ in range(2)]
        for (first, second), _ in mini_batches(spaces, Draws(0), 30, 5):
            assert torch.equal(first, second)

    def test_batches_follow_the_seed(self):
        first, second, other = (self.batches(500, 30, 6, Draws(seed)) for seed in (0, 0, 1))
        for a, b in zip(first, second, strict=True):
            assert torch.equal(a, b)
        assert not torch.equal(first[-1], other[-1])

    @pytest.mark.parametrize("skip", [1, 3, 4, 5])
    def test_skipped_batches_leave_the_others_unchanged(self, skip):
        expected = self.batches(500, 30, 6)[skip:]
        space = FeatureSpace(LazyRows(Numbered(500)), streamed=True)
        rest = mini_batches(2 * [space], Draws(0), 30, 6, skip=skip)
        for a, ((b, _), _) in zip(expected, rest, strict=True):
            assert torch.equal(a, b[:, 0].long())

    def test_strategies_side_by_side_draw_from_pools(self):
        alone = self.batches(500, 30, 6)
        repeated = self.batches(500, 30, 6, RepeatedDraws(Draws(0), 3))
        for a, b in zip(alone, repeated, strict=True):
            assert torch.equal(a, b)


@settings(deadline=None)
@given(st.integers(2, 5000), st.integers(1, 500), st.data())
def test_blocks_have_enough_rows_and_none_twice(n_samples, n_blocks, data):
    n_rows = data.draw(st.integers(1, n_samples))
    rows = block_rows(n_samples, n_rows, n_blocks, Draws(data.draw(st.integers(0, 99))))
    size = max(1, n_rows // n_blocks)
    assert n_rows <= len(rows) < n_rows + size or len(rows) == n_samples
    assert (rows.diff() > 0).all()
    assert rows[0] >= 0
    assert rows[-1] < n_samples
