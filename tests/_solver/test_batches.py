"""Mini-batches are the same whether they are read ahead or not."""

import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, Shard
from sklearn_turtle._solver._batches import mini_batches
from tests._solver.test_processes import Told

X = torch.arange(60.0).view(20, 3)


def batches(streamed, n_batches=4, batch_size=6):
    spaces = [FeatureSpace(X, streamed=streamed), FeatureSpace(X * 2)]
    return list(mini_batches(spaces, Draws(0), batch_size, n_batches))


def test_reading_ahead_changes_nothing():
    for (here, _), (ahead, _) in zip(batches(False), batches(True), strict=True):
        for a, b in zip(here, ahead, strict=True):
            assert torch.equal(a, b)


def test_rows_are_the_same_in_all_spaces():
    for (first, second), n_rows in batches(True):
        assert first.shape == (n_rows, 3) == (6, 3)
        assert torch.equal(first * 2, second)


def test_all_rows_where_the_batch_is_no_smaller():
    for (first, _), n_rows in batches(False, batch_size=20):
        assert torch.equal(first, X)
        assert n_rows == 20


def test_an_error_of_the_reader_reaches_the_caller():
    class Broken(FeatureSpace):
        def batch(self, rows=None):
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(mini_batches([Broken(X, streamed=True)], Draws(0), 6, 2))


@pytest.mark.parametrize("in_blocks", [False, True])
def test_processes_share_the_batches_of_one(in_blocks):
    def of_rows(start, stop, shard):
        space = FeatureSpace(X[start:stop], streamed=True, shard=shard)
        space.in_blocks = in_blocks
        return list(mini_batches([space], Draws(0), 6, 4))

    first, second = Shard(8, Told(0, {0: None, 1: 12})), Shard(12, Told(1, {0: 8, 1: None}))
    parts = zip(of_rows(0, 8, first), of_rows(8, 20, second), strict=True)
    for (whole, n_rows), two in zip(of_rows(0, 20, None), parts, strict=True):
        together = torch.cat([batches[0] for batches, _ in two])
        assert {n_rows, *(n for _, n in two)} == {6}
        assert torch.equal(together.sort(0).values, whole[0].sort(0).values)
