import numpy as np
import pandas as pd
import polars as pl
import pyarrow
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle import stack_spaces
from sklearn_turtle._input._spaces import (
    is_collection_of_spaces,
    spaces_of_collection,
    spaces_of_matrix,
)

A, B = np.zeros((4, 2), np.float16), np.ones((4, 3), np.float16)


class TestStackSpaces:
    def test_columns_lie_side_by_side(self):
        X, widths = stack_spaces({"a": A, "b": B})
        assert_array_equal(X, np.hstack([A, B]))
        assert X.dtype == np.float16
        assert widths == [2, 3]

    def test_tensors_make_a_tensor(self):
        X, widths = stack_spaces([torch.zeros(4, 2, dtype=torch.bfloat16)] * 2)
        assert isinstance(X, torch.Tensor)
        assert X.dtype == torch.bfloat16
        assert X.shape == (4, 4)
        assert widths == [2, 2]

    def test_mixtures_make_an_array(self):
        tensor = torch.zeros(4, 2, dtype=torch.bfloat16)
        X, widths = stack_spaces([tensor, np.ones((4, 1)), pd.DataFrame({"c": np.arange(4)})])
        assert isinstance(X, np.ndarray)
        assert X.dtype == np.float64
        assert widths == [2, 1, 1]

    @pytest.mark.parametrize("X", [A, [[1.0, 2.0], [3.0, 4.0]], "ab", 3])
    def test_other_objects_are_refused(self, X):
        with pytest.raises(ValueError, match=r"one per space; got.*needs no stacking"):
            stack_spaces(X)


@pytest.mark.parametrize(
    ("X", "expected"),
    [
        (np.zeros((4, 2)), False),
        ([[1.0, 2.0], [3.0, 4.0]], False),
        ([np.zeros(3), np.zeros(3)], False),
        ([], False),
        ("text", False),
        ([np.zeros((4, 2))], True),
        ((np.zeros((4, 2)), np.zeros(4)), True),
        ([[[1.0], [2.0]], [[3.0], [4.0]]], True),
        ({}, True),
        ([torch.zeros(3, 2)], True),
        ([pd.DataFrame({"a": [1]})], True),
        ([pd.Series(list(A))], True),
        ([pyarrow.array(list(A))], True),
        ([pl.Series(list(A.astype("f4")))], True),
        ([pl.LazyFrame({"a": [1]})], True),
        ([pd.Series([1.0]), pd.Series([2.0])], False),
    ],
)
def test_collections_are_distinguished_from_matrices(X, expected):
    assert is_collection_of_spaces(X) is expected


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_a_list_of_nested_tensors_is_a_collection():
    assert is_collection_of_spaces([torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])])


def test_names_and_columns_of_a_collection():
    spaces = spaces_of_collection({"a": A, 1: B})
    assert spaces.names == ["a", "1"]
    assert spaces.columns == [slice(0, 2), slice(2, 5)]
    assert spaces.widths == [2, 3]
    assert spaces.n_samples == 4
    assert spaces_of_collection([A, B]).names == ["space0", "space1"]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ({}, "holds no space"),
        ({1: A, "1": B}, "not distinct"),
        ([A, B[:3]], "space 'space0' has 4 samples, space 'space1' has 3.*np.concatenate"),
    ],
)
def test_malformed_collections(X, message):
    with pytest.raises(ValueError, match=message):
        spaces_of_collection(X)


def test_spaces_of_one_matrix_are_views():
    X = np.arange(12.0).reshape(4, 3)
    spaces = spaces_of_matrix(X, ["a", "b"], [slice(1, 3), np.array([2, 0])])
    assert np.shares_memory(spaces.matrices[0], X)
    assert_array_equal(spaces.matrices[1], X[:, [2, 0]])


def test_one_space_of_several():
    only = spaces_of_collection({"a": A, "b": B}).only("b")
    assert only.names == ["b"]
    assert_array_equal(only.matrices[0], B)
    assert only.columns == [slice(2, 5)]


@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        (["float16", "float32"], np.float32),
        (["float32", "float64"], np.float64),
        (["int16", "uint8"], np.float32),
        (["int32", "float16"], np.float64),
    ],
)
def test_float_dtype_holds_all_spaces(dtypes, expected):
    assert spaces_of_collection([A.astype(dtype) for dtype in dtypes]).float_dtype == expected


def test_float_dtype_of_tensors():
    assert spaces_of_collection([torch.zeros(4, 2).bfloat16()]).float_dtype == np.float32
    assert spaces_of_collection([torch.zeros(4, 2).long()]).float_dtype == np.float64


def test_maps_are_read_as_needed(tmp_path):
    np.save(tmp_path / "a.npy", A)
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert spaces_of_collection([mapped, B]).read_as_needed
    assert not spaces_of_collection([np.array(mapped), B]).read_as_needed


def test_dask_matrices_are_all_matrices_or_none():
    dask_array = pytest.importorskip("dask.array")
    on_dask = [dask_array.from_array(x) for x in (A, B)]
    assert len(spaces_of_collection(on_dask).dask_matrices) == 2
    assert spaces_of_collection([on_dask[0], B]).dask_matrices is None
