"""Mini-batches are the same whether they are read ahead or not."""

import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle._solver._batches import mini_batches

X = torch.arange(60.0).view(20, 3)


def batches(streamed, n_batches=4, batch_size=6):
    spaces = [FeatureSpace(X, streamed=streamed), FeatureSpace(X * 2)]
    return list(mini_batches(spaces, Draws(0), batch_size, n_batches))


def test_reading_ahead_changes_nothing():
    for here, ahead in zip(batches(False), batches(True), strict=True):
        for a, b in zip(here, ahead, strict=True):
            assert torch.equal(a, b)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("skip", [0, 1, 3, 4])
def test_those_after_the_skipped_ones_are_the_same(streamed, skip):
    spaces = [FeatureSpace(X, streamed=streamed)]
    rest = list(mini_batches(spaces, Draws(0), 6, 4, skip=skip))
    assert len(rest) == 4 - skip
    for (a,), (b, _) in zip(rest, batches(streamed)[skip:], strict=True):
        assert torch.equal(a, b)


def test_rows_are_the_same_in_all_spaces():
    for first, second in batches(True):
        assert first.shape == (6, 3)
        assert torch.equal(first * 2, second)


def test_all_rows_where_the_batch_is_no_smaller():
    for first, _ in batches(False, batch_size=20):
        assert torch.equal(first, X)


def test_an_error_of_the_reader_reaches_the_caller():
    class Broken(FeatureSpace):
        def batch(self, rows=None):
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(mini_batches([Broken(X, streamed=True)], Draws(0), 6, 2))
