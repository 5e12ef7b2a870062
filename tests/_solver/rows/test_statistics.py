import numpy as np
import pytest
import torch

from sklearn_turtle._solver import Statistics
from tests.support.small_device import SmallDevice


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64, torch.int16])
def test_statistics_equal_those_of_numpy(dtype, monkeypatch):
    x = (torch.randn(50, 7, generator=torch.Generator().manual_seed(0)) * 9 + 4).to(dtype)
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 30)  # many chunks
    statistics = Statistics.of(x)
    wide = x.double().numpy()
    np.testing.assert_allclose(statistics.mean.numpy(), wide.mean(0), rtol=1e-12)
    l1_norm = np.abs(wide - wide.mean(0)).sum(1).mean()
    assert statistics.mean_l1_norm == pytest.approx(l1_norm, rel=1e-6)


def test_norm_of_many_rows_is_estimated_on_some(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._statistics.NORM_ROWS", 5)
    x = torch.randn(41, 3, generator=torch.Generator().manual_seed(0)) + 2
    statistics = Statistics.of(x)
    assert statistics.mean_l1_norm == pytest.approx((x - x.mean(0))[::10].abs().sum(1).mean())
    np.testing.assert_allclose(statistics.mean, x.double().mean(0), rtol=1e-12)


def test_norm_uses_all_rows_if_some_of_them_are_constant(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._statistics.NORM_ROWS", 5)
    x = torch.zeros(41, 3)
    x[13], x[14] = 41.0, -41.0
    assert Statistics.of(x).mean_l1_norm == pytest.approx(3 * 2)


def test_a_constant_space_has_norm_zero():
    assert Statistics.of(torch.full((9, 3), 0.1)).mean_l1_norm == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_one_infinite_value_makes_the_mean_not_finite(value):
    x = torch.zeros(9, 3)
    x[4, 1] = value
    assert torch.isfinite(Statistics.of(x).mean).tolist() == [True, False, True]


def test_rows_are_read_in_smaller_chunks_if_memory_runs_out():
    device = SmallDevice(50)

    class Features(torch.Tensor):
        """Rows on a small device."""

        def __getitem__(self, rows):
            return device.hold(self.as_subclass(torch.Tensor)[rows])

    x = torch.randn(240, 5, generator=torch.Generator().manual_seed(0))
    expected = Statistics.of(x)
    with pytest.warns(UserWarning, match="out of memory: going on in chunks"):
        statistics = Statistics.of(x.as_subclass(Features))
    torch.testing.assert_close(statistics.mean, expected.mean)
    assert statistics.mean_l1_norm == pytest.approx(expected.mean_l1_norm)
