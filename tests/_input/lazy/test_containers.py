"""Arrays that are read as needed give what the same arrays give in memory."""

import dask.array
import h5py
import numpy as np
import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest
import zarr
from numpy.testing import assert_array_equal

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle._input._matrix import check_matrix
from sklearn_turtle._input._spaces import is_collection_of_spaces
from sklearn_turtle._input.lazy import LazyMatrix
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces(500)
FEW_STEPS = {"max_iter": 8, "polish_iter": 2, "n_init": 4}


def mapped(x, folder):
    np.save(folder / "x.npy", x)
    return np.load(folder / "x.npy", mmap_mode="r")


def hdf5(x, folder, chunks=None):
    file = h5py.File(folder / "x.h5", "w")
    return file.create_dataset("x", data=x, chunks=chunks)


def hdf5_in_chunks(x, folder):
    return hdf5(x, folder, (70, 5))


def zarr_array(x, folder):
    array = zarr.create_array(folder / "x.zarr", shape=x.shape, chunks=(90, 7), dtype=x.dtype)
    array[:] = x
    return array


def table_of_columns(x):
    return pyarrow.table({f"c{j}": x[:, j] for j in range(x.shape[1])})


def table_of_lists(x, fixed):
    if fixed:
        lists = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(x.ravel()), x.shape[1])
    else:
        offsets = np.arange(len(x) + 1, dtype=np.int32) * x.shape[1]
        lists = pyarrow.ListArray.from_arrays(offsets, pyarrow.array(x.ravel()))
    return pyarrow.table({"embedding": lists})


def parquet_of_columns(x, folder):
    pyarrow.parquet.write_table(table_of_columns(x), folder / "x.parquet", row_group_size=130)
    return pyarrow.parquet.ParquetFile(folder / "x.parquet")


def parquet_of_lists(x, folder):
    table = table_of_lists(x, fixed=False)
    pyarrow.parquet.write_table(table, folder / "x.parquet", row_group_size=130)
    return pyarrow.parquet.ParquetFile(folder / "x.parquet")


def parquet_folder(x, folder):
    table = table_of_lists(x, fixed=True)
    (folder / "parts").mkdir()
    for i, part in enumerate([table[:210], table[210:]]):
        pyarrow.parquet.write_table(part, folder / "parts" / f"{i}.parquet", row_group_size=100)
    return pyarrow.dataset.dataset(folder / "parts")


def feather_folder(x, folder):
    pyarrow.dataset.write_dataset(table_of_columns(x), folder / "parts", format="feather")
    return pyarrow.dataset.dataset(folder / "parts", format="feather")


def arrow_table(x, folder):
    halves = table_of_lists(x[:33], fixed=True), table_of_lists(x[33:], fixed=True)
    return pyarrow.concat_tables(halves)


def dask_array(x, folder):
    return dask.array.from_array(x, chunks=(110, 5))


CONTAINERS = [
    mapped,
    hdf5,
    hdf5_in_chunks,
    zarr_array,
    parquet_of_columns,
    parquet_of_lists,
    parquet_folder,
    feather_folder,
    arrow_table,
    dask_array,
]


def in_container(make, folder, spaces=SPACES):
    given = []
    for k, x in enumerate(spaces):
        (folder / str(k)).mkdir()
        given.append(make(x, folder / str(k)))
    return given


@pytest.fixture
def small_pools(monkeypatch):
    """Neither are spaces held by the fit, nor does a pool hold all rows."""
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.HELD_BYTES", 0)
    monkeypatch.setattr("sklearn_turtle._solver.rows._batches.POOL_BYTES", 1 << 15)
    monkeypatch.setattr("sklearn_turtle._solver.rows._batches.POOL_BLOCKS", 32)
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)


@pytest.fixture(scope="module")
def in_memory():
    return small_turtle(**FEW_STEPS).fit(SPACES)


@pytest.mark.parametrize("make", CONTAINERS)
def test_a_fit_is_that_of_arrays_in_memory(make, tmp_path, in_memory):
    X = in_container(make, tmp_path)
    turtle = small_turtle(**FEW_STEPS).fit(X)
    for coef, expected in zip(turtle.coef_, in_memory.coef_, strict=True):
        assert_array_equal(coef, expected)
    assert_array_equal(turtle.labels_, in_memory.labels_)
    assert_array_equal(turtle.predict(X), in_memory.labels_)
    assert_array_equal(turtle.predict_proba(X), in_memory.predict_proba(SPACES))


@pytest.mark.usefixtures("small_pools")
@pytest.mark.parametrize("make", CONTAINERS)
def test_batches_from_pools_are_the_same_for_all_containers(make, tmp_path):
    parameters = {"max_iter": 20, "polish_iter": 5, "batch_size": 60}
    (tmp_path / "expected").mkdir()
    expected = small_turtle(**parameters).fit(in_container(mapped, tmp_path / "expected"))
    turtle = small_turtle(**parameters).fit(in_container(make, tmp_path))
    for coef, other in zip(turtle.coef_, expected.coef_, strict=True):
        assert_array_equal(coef, other)


@pytest.mark.parametrize("make", CONTAINERS)
def test_any_rows_in_any_order(make, tmp_path):
    x = SPACES[0].astype(np.float64 if make is feather_folder else np.float32)
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
    turtle = TurtleClustering(**{**in_memory.get_params(), "spaces": widths}).fit(X)
    assert_array_equal(turtle.labels_, in_memory.labels_)
    assert_array_equal(turtle.predict(X), in_memory.labels_)


def test_columns_of_a_table_have_names():
    a, b = (table_of_columns(x) for x in SPACES)
    names = [f"{space}__{name}" for space, t in (("a", a), ("b", b)) for name in t.column_names]
    table = pyarrow.table([*a.columns, *b.columns], names=names)
    turtle = small_turtle(**FEW_STEPS, spaces="prefix").fit(table)
    assert turtle.space_names_ == ["a", "b"]
    assert list(turtle.feature_names_in_) == names
    with pytest.raises(ValueError, match="feature names should match"):
        turtle.predict(table.rename_columns(names[::-1]))


@pytest.mark.parametrize("make", CONTAINERS)
def test_a_list_of_one_is_a_collection(make, tmp_path):
    assert is_collection_of_spaces([make(SPACES[0], tmp_path)])


@pytest.mark.parametrize("dtype", ["float16", "float64", ">f4", "uint16", "int8", "bool"])
@pytest.mark.parametrize("make", [mapped, hdf5, zarr_array, dask_array])
def test_dtypes_are_read_as_in_memory(make, dtype, tmp_path):
    x = (SPACES[0] * 3 if dtype != "bool" else SPACES[0] > 0).clip(-100 * (dtype != "uint16"), 100)
    x = x.astype(dtype)
    expected = check_matrix(x, "x")
    matrix = check_matrix(make(x, tmp_path), "x")
    assert matrix.dtype == expected.dtype
    assert_array_equal(np.asarray(matrix), expected)


def test_a_large_chunk_is_read_once_for_the_rows_that_follow(tmp_path, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._input.lazy._stores.LARGE_CHUNK_BYTES", 100)

    class Counting:
        shape, dtype, chunks = SPACES[0].shape, SPACES[0].dtype, (200, 12)
        n_reads = 0

        def __getitem__(self, rows):
            self.n_reads += 1
            return SPACES[0][rows]

    from sklearn_turtle._input.lazy._stores import stored_matrix

    array = Counting()
    matrix = stored_matrix(array, array.dtype)
    parts = [matrix.read(slice(start, start + 50)) for start in range(0, 500, 50)]
    assert_array_equal(np.concatenate(parts), SPACES[0])
    assert array.n_reads == 3


def bad_value(value):
    x = SPACES[1].copy()
    x[321, 2] = value
    return x


@pytest.mark.parametrize("make", [mapped, hdf5_in_chunks, zarr_array, parquet_folder, dask_array])
def test_bad_values_are_found_in_their_row(make, tmp_path, in_memory, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 1000)
    X = in_container(make, tmp_path, [SPACES[0], bad_value(np.nan)])
    with pytest.raises(ValueError, match="NaN: space 'space1', first in row 321"):
        small_turtle().fit(X)
    if make is not dask_array:  # whose blocks are predicted by themselves
        with pytest.raises(ValueError, match="NaN: space 'space1', first in row 321"):
            in_memory.predict(X)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (dask.array.zeros((5, 2, 2)), ValueError, "Expected 2D array, got 3D"),
        (dask.array.zeros((5, 0)), ValueError, r"0 feature\(s\)"),
        (dask.array.zeros((9, 2), dtype=complex), ValueError, "Complex data not supported"),
        (dask.array.zeros((9, 2))[dask.array.zeros(9) == 0], ValueError, "compute_chunk_sizes"),
        (pyarrow.table({"a": ["b"] * 9}), ValueError, "real numbers|not numbers"),
        (pyarrow.table({"a": [1.0, None] * 5}), ValueError, "'a' has 5 missing values"),
        (pyarrow.table({"a": [[1.0, 2.0], [1.0]] * 5}), ValueError, "'a' differ in length"),
        (pyarrow.table({"a": pyarrow.array([], pyarrow.float32())}), ValueError, r"0 sample\(s\)"),
    ],
)
def test_what_cannot_be_read_is_said(X, error, message):
    with pytest.raises(error, match=message):
        small_turtle(n_clusters=2).fit({"x": X})


def test_a_dask_data_frame_is_to_be_an_array():
    class DataFrame:
        shape = (5, 2)

        def to_dask_array(self, lengths):
            raise AssertionError

    with pytest.raises(TypeError, match=r"to_dask_array\(lengths=True\)"):
        check_matrix(DataFrame(), None)
