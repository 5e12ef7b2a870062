"""Statistics and mini-batches of features."""

import numpy as np
import pytest
import torch

from sklearn_turtle._input._conversion import as_tensor
from sklearn_turtle._solver import Draws, FeatureSpace, Statistics, row_chunks
from sklearn_turtle._solver.rows._feature_space import RowsOfSpace


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64, torch.int16])
def test_statistics_are_those_of_numpy(dtype, monkeypatch):
    x = (torch.randn(50, 7, generator=torch.Generator().manual_seed(0)) * 9 + 4).to(dtype)
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 30)  # many chunks
    statistics = Statistics.of(x)
    wide = x.double().numpy()
    np.testing.assert_allclose(statistics.mean.numpy(), wide.mean(0), rtol=1e-12)
    l1_norm = np.abs(wide - wide.mean(0)).sum(1).mean()
    assert statistics.mean_l1_norm == pytest.approx(l1_norm, rel=1e-6)


def test_the_norm_of_many_rows_is_that_of_some(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._statistics.NORM_ROWS", 5)
    x = torch.randn(41, 3, generator=torch.Generator().manual_seed(0)) + 2
    statistics = Statistics.of(x)
    assert statistics.mean_l1_norm == pytest.approx((x - x.mean(0))[::10].abs().sum(1).mean())
    np.testing.assert_allclose(statistics.mean, x.double().mean(0), rtol=1e-12)
    # a space is not constant because some of its rows are
    x = torch.zeros(41, 3)
    x[13], x[14] = 41.0, -41.0
    assert Statistics.of(x).mean_l1_norm == pytest.approx(3 * 2)


def test_chunks_cover_all_rows_once():
    rows = [np.arange(10**6)[chunk] for chunk in row_chunks(10**6, 1000)]
    np.testing.assert_array_equal(np.concatenate(rows), np.arange(10**6))
    assert max(map(len, rows)) * 1000 <= 1 << 24
    assert list(row_chunks(3, 10**9)) == [slice(0, 1), slice(1, 2), slice(2, 3)]


@pytest.mark.parametrize("rows", [None, slice(2, 5), torch.tensor([4, 0])])
@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("prepare", [False, True])
def test_batches_are_standardized(rows, standardize, prepare):
    x = torch.arange(24.0).view(8, 3)
    options = {"shift": torch.tensor([1.0, 2.0, 3.0]), "scale": 0.5} if standardize else {}
    space = FeatureSpace(x, **options)
    if prepare:
        space.prepare()
    batch = space.batch(rows)
    expected = x[slice(None) if rows is None else rows]
    if standardize:
        expected = (expected - torch.tensor([1.0, 2.0, 3.0])) * 0.5
    assert torch.equal(batch, expected)
    assert x.sum() == 276


def test_draws_are_without_replacement_and_follow_the_seed():
    first, second = (Draws(3).rows(100, 60) for _ in range(2))
    assert torch.equal(first, second)
    assert len(set(first.tolist())) == 60
    assert Draws(3).rows(60, 60) is None
    weight, bias = Draws(0).task_encoder(0, 16, 5)
    assert weight.shape == (16, 5)
    assert bias.shape == (5,)
    assert weight.abs().max() <= 0.25


def test_arrays_are_viewed_not_copied():
    x = np.zeros((3, 2), np.float16)
    x.flags.writeable = False
    assert as_tensor(x).data_ptr() == x.ctypes.data
    assert as_tensor(x[:, 1:]).data_ptr() == x[:, 1:].ctypes.data
    tensor = torch.zeros(2, 2)
    assert as_tensor(tensor) is tensor


@pytest.mark.parametrize("prepare", [False, True])
def test_some_rows_stand_for_a_space(prepare):
    space = FeatureSpace(torch.arange(20.0).reshape(10, 2), shift=torch.ones(2), scale=0.5)
    if prepare:
        space.prepare()
    rows = torch.tensor([1, 4, 5, 9])
    some = RowsOfSpace(space, rows)
    expected = space.batch(rows)
    assert (some.n_samples, some.n_features, some.dtype) == (4, 2, torch.float32)
    torch.testing.assert_close(some.batch(), expected)
    torch.testing.assert_close(some.batch(slice(1, 3)), expected[1:3])
    torch.testing.assert_close(some.batch(torch.tensor([3, 0])), expected[[3, 0]])
    torch.testing.assert_close(some.gathered(torch.tensor([2])), expected[[2]])


def test_rows_of_a_streamed_space_are_streamed_until_that_is_prepared():
    space = FeatureSpace(torch.zeros(10, 2), streamed=True)
    assert RowsOfSpace(space, torch.arange(3)).streamed
    space.prepare()
    assert not RowsOfSpace(space, torch.arange(3)).streamed
