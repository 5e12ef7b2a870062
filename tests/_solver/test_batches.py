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
