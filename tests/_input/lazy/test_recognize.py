import dask.array
import numpy as np
import pandas as pd
import polars as pl
import pyarrow
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._dask import DaskMatrix
from sklearn_turtle._input.lazy._recognize import (
    as_lazy,
    has_two_dimensions,
    is_memory_map,
    library_of,
    rows_of,
)
from tests.support.containers import mapped

X = np.ones((9, 2), np.float32)


def same(dtype):
    return dtype


@pytest.mark.parametrize("matrix", [X, X.tolist(), torch.zeros(9, 2), pd.DataFrame(X), "text"])
def test_objects_in_memory_are_not_lazy(matrix):
    assert as_lazy(matrix, "x", same) is None
    assert not has_two_dimensions(matrix)


def test_lazy_matrices_are_passed_through():
    lazy = as_lazy(dask.array.from_array(X), "x", same)
    assert isinstance(lazy, DaskMatrix)
    assert as_lazy(lazy, "x", same) is lazy


def test_dtypes_are_chosen_by_the_caller():
    lazy = as_lazy(dask.array.from_array(X), "x", lambda dtype: np.dtype(np.float64))
    assert lazy.dtype == np.float64
    assert_array_equal(np.asarray(lazy), X)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (dask.array.zeros((5, 2, 2)), "Expected 2D array, got 3D array"),
        (dask.array.zeros((5, 0)), r"0 feature\(s\)"),
        (dask.array.zeros((9, 2), dtype=complex), "Complex data not supported: x is of"),
        (dask.array.zeros((9, 2), dtype="M8[s]"), "x must hold real numbers"),
        (dask.array.zeros((9, 2))[dask.array.zeros(9) == 0], "compute_chunk_sizes"),
        (pyarrow.table({"a": ["b"] * 9}), "real numbers|not numbers"),
        (pyarrow.table({"a": pyarrow.array([], pyarrow.float32())}), r"0 sample\(s\)"),
    ],
)
def test_other_arrays_are_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        as_lazy(matrix, "x", same)


def test_a_dask_data_frame_must_be_converted():
    class DataFrame:
        shape = (5, 2)

        def to_dask_array(self, lengths):
            raise AssertionError

    with pytest.raises(TypeError, match=r"to_dask_array\(lengths=True\)"):
        as_lazy(DataFrame(), "x", same)


def test_a_polars_lazy_frame_must_be_collected():
    lazy = pl.LazyFrame({"a": [1.0, 2.0]})
    assert has_two_dimensions(lazy)
    with pytest.raises(TypeError, match=r"x is a polars LazyFrame: pass X\.collect\(\)"):
        as_lazy(lazy, "x", same)


def test_libraries_of_classes_and_their_bases():
    class Table(dask.array.Array):
        pass

    classes = {"dask": {"Array"}}
    assert library_of(dask.array.zeros(3), classes) == "dask"
    assert library_of(object.__new__(Table), classes) == "dask"
    assert library_of(pyarrow.array([1.0]), classes) is None


def test_numbers_of_dimensions():
    assert has_two_dimensions(dask.array.zeros((5, 2)))
    assert has_two_dimensions(pyarrow.table({"a": [1.0]}))
    assert not has_two_dimensions(dask.array.zeros(5))


def test_memory_maps(tmp_path):
    x = mapped(X, tmp_path)
    assert is_memory_map(x)
    assert is_memory_map(np.asarray(x)[2:, 1:])
    assert not is_memory_map(np.array(x))
    assert not is_memory_map(torch.zeros(2, 2))


def test_rows_of_matrices_outside_memory(tmp_path):
    for matrix in (mapped(X, tmp_path), as_lazy(dask.array.from_array(X), "x", same)):
        assert_array_equal(rows_of(matrix)[slice(2, 4)], X[2:4])
    assert rows_of(X) is None
    assert rows_of(torch.zeros(2, 2)) is None
