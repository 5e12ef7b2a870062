"""Matrices that are read as needed lead to the same results as the same matrices in memory."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_turtle import stack_spaces
from sklearn_turtle._input._matrix import check_matrix
from sklearn_turtle._input._spaces import is_collection_of_spaces
from sklearn_turtle._input.lazy import LazyMatrix
from tests.support.containers import (
    CONTAINERS,
    arrow_table,
    dask_array,
    hdf5,
    hdf5_in_chunks,
    in_container,
    mapped,
    parquet_folder,
    zarr_array,
)
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces(500)
FEW_STEPS = {"max_iter": 4, "polish_iter": 2, "n_init": 2}

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
]


@pytest.fixture(scope="module")
def in_memory():
    """A fit to arrays in memory."""
    return small_turtle(**FEW_STEPS).fit(SPACES)


@pytest.mark.parametrize("make", CONTAINERS)
def test_a_fit_equals_that_of_arrays_in_memory(make, tmp_path, in_memory):
    X = in_container(make, tmp_path, SPACES)
    turtle = small_turtle(**FEW_STEPS).fit(X)
    for coef, expected in zip(turtle.coef_, in_memory.coef_, strict=True):
        assert_array_equal(coef, expected)
    assert_array_equal(turtle.labels_, in_memory.labels_)
    assert_array_equal(turtle.predict(X), in_memory.labels_)
    # where a block starts in memory may change the last bit of a product
    assert_allclose(turtle.predict_proba(X), in_memory.predict_proba(SPACES), rtol=1e-5)


def fit_from_pools(X):
    """Fit to small batches, without a copy of the features and with pools of few rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sklearn_turtle._solver.strategy._groups.HELD_BYTES", 0)
        patch.setattr("sklearn_turtle._solver.rows._batches.POOL_BYTES", 1 << 15)
        patch.setattr("sklearn_turtle._solver.rows._batches.POOL_BLOCKS", 32)
        patch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)
        return small_turtle(max_iter=10, polish_iter=2, n_init=2, batch_size=60).fit(X)


@pytest.fixture(scope="module")
def from_maps(tmp_path_factory):
    """A fit from pools of the rows of memory maps."""
    return fit_from_pools(in_container(mapped, tmp_path_factory.mktemp("maps"), SPACES))


@pytest.mark.parametrize("make", CONTAINERS)
def test_pools_are_the_same_for_all_containers(make, tmp_path, from_maps):
    turtle = fit_from_pools(in_container(make, tmp_path, SPACES))
    for coef, expected in zip(turtle.coef_, from_maps.coef_, strict=True):
        assert_array_equal(coef, expected)


@pytest.mark.parametrize("make", CONTAINERS)
def test_any_rows_in_any_order(make, tmp_path):
    x = SPACES[0]
    matrix = check_matrix(make(x, tmp_path), "x")
    rows = np.random.default_rng(0).permutation(len(x))[:300]
    assert matrix.shape == x.shape
    if isinstance(matrix, LazyMatrix):
        assert_array_equal(matrix.take(rows), x[rows])
        assert_array_equal(matrix.read(slice(100, 321)), x[100:321])
    assert_array_equal(np.asarray(matrix), x)


@pytest.mark.parametrize("make", [mapped, hdf5_in_chunks, zarr_array, arrow_table, dask_array])
def test_columns_of_one_matrix_are_spaces(make, tmp_path, in_memory):
    stacked, widths = stack_spaces(SPACES)
    X = make(stacked, tmp_path)
    turtle = small_turtle(**FEW_STEPS, spaces=widths).fit(X)
    assert_array_equal(turtle.labels_, in_memory.labels_)
    assert_array_equal(turtle.predict(X), in_memory.labels_)


@pytest.mark.parametrize("make", CONTAINERS)
def test_a_list_of_one_is_a_collection(make, tmp_path):
    assert is_collection_of_spaces([make(SPACES[0], tmp_path)])


@pytest.mark.parametrize("dtype", ["float16", "float64", ">f4", "uint16", "int8", "bool"])
@pytest.mark.parametrize("make", [mapped, hdf5, zarr_array, dask_array])
def test_dtypes_are_read_as_in_memory(make, dtype, tmp_path):
    x = SPACES[0] > 0 if dtype == "bool" else (SPACES[0] * 3).clip(-100, 100)
    x = np.abs(x).astype(dtype) if dtype == "uint16" else x.astype(dtype)
    expected = check_matrix(x, "x")
    matrix = check_matrix(make(x, tmp_path), "x")
    assert matrix.dtype == expected.dtype
    assert_array_equal(np.asarray(matrix), expected)


@pytest.mark.parametrize("make", [mapped, hdf5_in_chunks, zarr_array, parquet_folder, dask_array])
def test_bad_values_are_found_in_their_row(make, tmp_path, in_memory, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)
    bad = SPACES[1].copy()
    bad[321, 2] = np.nan
    X = in_container(make, tmp_path, [SPACES[0], bad])
    message = "NaN: space 'space1', first in row 321"
    with pytest.raises(ValueError, match=message):
        small_turtle().fit(X)
    if make is not dask_array:  # a prediction of Dask arrays counts the rows of each block
        with pytest.raises(ValueError, match=message):
            in_memory.predict(X)
