import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._input._rows import check_all_finite, check_finite, feature_rows, row_reader
from sklearn_turtle._input._spaces import spaces_of_collection
from sklearn_turtle._input.lazy._rows import LazyRows

CPU = torch.device("cpu")


def features_with(value, row):
    x = torch.ones(30, 4)
    x[row, 2] = value
    return x


@pytest.mark.parametrize(
    ("value", "message"),
    [(np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")],
)
@pytest.mark.parametrize("check", [check_finite, check_all_finite])
@pytest.mark.parametrize("row", [0, 17, 29])
def test_first_bad_row_is_named(monkeypatch, check, value, message, row):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 20)
    with pytest.raises(ValueError, match=f"{message}: space 'x', first in row {row}\\."):
        check("x", features_with(value, row))


def test_rows_are_counted_from_the_first_one():
    with pytest.raises(ValueError, match=r"first in row 107\."):
        check_finite("x", features_with(np.nan, 7), first_row=100)


def test_a_sum_that_overflows_is_not_an_error():
    check_finite("x", torch.full((9, 2), 3e38))


def test_rows_of_arrays_are_tensors(tmp_path):
    x = np.arange(6.0).reshape(3, 2)
    assert isinstance(feature_rows(x), torch.Tensor)
    np.save(tmp_path / "x.npy", x)
    lazy = feature_rows(np.load(tmp_path / "x.npy", mmap_mode="r"))
    assert isinstance(lazy, LazyRows)
    assert_array_equal(lazy[slice(1, 3)], x[1:])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_reader_converts_and_transforms(dtype):
    spaces = spaces_of_collection([np.arange(12).reshape(6, 2).astype(dtype), np.ones((6, 1))])
    found, read = row_reader(spaces, CPU, lambda rows: -rows)
    assert found == torch.float64
    assert_array_equal(read(0, slice(1, 3)), [[-2, -3], [-4, -5]])


def test_reader_checks_values():
    spaces = spaces_of_collection({"a": np.zeros((30, 1)), "b": features_with(np.nan, 17)})
    _, read = row_reader(spaces, CPU)
    assert read(1, slice(0, 10)).shape == (10, 4)
    with pytest.raises(ValueError, match="space 'b', first in row 17"):
        read(1, slice(10, 20))


def test_no_float64_on_mps():
    spaces = spaces_of_collection([np.zeros((6, 2))])
    assert row_reader(spaces, torch.device("mps"))[0] == torch.float32
