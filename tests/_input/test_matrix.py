import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
import torch
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator

from sklearn_turtle._input._matrix import NATIVE_DTYPES, check_matrix, native_dtype

X = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize("dtype", NATIVE_DTYPES, ids=str)
def test_native_arrays_are_not_copied(dtype):
    x = X.astype(dtype)
    assert np.shares_memory(check_matrix(x, "x"), x)


@pytest.mark.parametrize("dtype", ["uint16", "uint32", "uint64", ">f4", ">i2", "longdouble"])
def test_other_dtypes_become_float64(dtype):
    checked = check_matrix(X.astype(dtype), "x")
    assert checked.dtype == np.float64
    assert checked.dtype.isnative
    assert_array_equal(checked, X)
    assert native_dtype(np.dtype(dtype)) == np.float64


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.uint8])
def test_tensors_stay_tensors(dtype):
    tensor = torch.from_numpy(X).to(dtype)
    checked = check_matrix(tensor, "x")
    assert checked.dtype == dtype
    assert checked.data_ptr() == tensor.data_ptr()


def test_tensors_that_torch_does_not_compute_with_are_converted():
    assert check_matrix(torch.zeros(2, 2).to(torch.float8_e5m2), "x").dtype == torch.float32
    assert check_matrix(torch.zeros(2, 2).to(torch.uint16), "x").dtype == torch.float64


def test_tensors_are_detached():
    assert not check_matrix(torch.zeros(2, 2, requires_grad=True), "x").requires_grad


@pytest.mark.parametrize("container", [list, pd.DataFrame, pl.DataFrame, np.ma.array])
def test_containers_become_arrays(container):
    checked = check_matrix(container(X), "x")
    assert type(checked) is np.ndarray
    assert_array_equal(checked, X)


def test_values_are_not_checked():
    assert np.isnan(check_matrix(np.full((2, 2), np.nan), "x")).all()


@pytest.mark.parametrize(
    ("matrix", "error", "message"),
    [
        (X[:, 0], ValueError, "Expected 2D array, got 1D array"),
        (X[None], ValueError, "dim 3"),
        (X[:0], ValueError, r"0 sample\(s\)"),
        (X[:, :0], ValueError, r"0 feature\(s\)"),
        (X.astype(complex), ValueError, "Complex data not supported"),
        (np.array([["a", "b"]] * 9), ValueError, "could not convert|not compatible|array"),
        (np.ma.masked_greater(X, 5), ValueError, "Space 'x' has masked entries"),
        ("features.npy", ValueError, "Expected 2D array"),
        (scipy.sparse.csr_matrix(X), TypeError, "'x' is a sparse matrix.*TruncatedSVD"),
        (scipy.sparse.coo_array(X), TypeError, "'x' is a sparse matrix.*toarray"),
        (torch.zeros(5), ValueError, "Expected 2D array, got 1D tensor"),
        (torch.zeros(2, 3, 4), ValueError, "Expected 2D array, got 3D tensor"),
        (torch.zeros(0, 3), ValueError, r"0 sample\(s\)"),
        (torch.zeros(5, 0), ValueError, r"0 feature\(s\)"),
        (torch.zeros(9, 2, dtype=torch.complex64), ValueError, "Complex data not supported"),
        (torch.zeros(9, 2, device="meta"), ValueError, "'x' .*'meta', which holds no data"),
        (torch.from_numpy(X).to_sparse(), TypeError, "sparse tensor.*to_dense"),
    ],
)
def test_other_matrices_are_refused(matrix, error, message):
    with pytest.raises(error, match=message):
        check_matrix(matrix, "x")


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (X[:, 0], "^Space 'x': Expected 2D array"),
        (None, "^Space 'x': Expected 2D array"),
        (X[None], r"dim 3.*If its first axis stands for spaces, pass list\(X\)"),
        ("a.npy", "'a.npy' is a text. If it is a file, load it"),
        (["a.npy", "b.npy"], "'a.npy' is a text. If it is a file, load it"),
    ],
)
def test_messages_say_what_to_do(matrix, message):
    with pytest.raises(ValueError, match=message):
        check_matrix(matrix, "x")


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_nested_tensors_are_refused():
    nested = torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])
    with pytest.raises(TypeError, match="nested tensor"):
        check_matrix(nested, "x")


def test_masked_arrays_without_masked_entries():
    assert_array_equal(check_matrix(np.ma.masked_greater(X, 99), "x"), X)


def test_complex_objects_in_a_table():
    table = pl.DataFrame({"a": pl.Series([np.complex64(1), np.complex64(2)], dtype=pl.Object)})
    with pytest.raises(ValueError, match=r"^Complex data not supported: X holds complex"):
        check_matrix(table, None)


@pytest.mark.parametrize("container", [pd.DataFrame, torch.from_numpy, np.asarray])
def test_features_are_compared_with_the_estimator(container):
    estimator = BaseEstimator()
    check_matrix(container(X), None, estimator=estimator)
    assert estimator.n_features_in_ == 3
    check_matrix(container(X[:2]), None, estimator=estimator, reset=False)
    with pytest.raises(ValueError, match="X has 2 features"):
        check_matrix(container(X[:, :2]), None, estimator=estimator, reset=False)
