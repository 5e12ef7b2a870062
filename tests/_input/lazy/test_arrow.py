import numpy as np
import pyarrow
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._arrow import arrow_matrix, table_to_matrix
from tests.support.containers import table_of_columns, table_of_lists
from tests.support.two_spaces import small_turtle, two_spaces

X = np.arange(20, dtype=np.float32).reshape(5, 4)
TABLES = [table_of_columns(X), table_of_lists(X, fixed=True), table_of_lists(X, fixed=False)]


def read(table):
    return np.asarray(arrow_matrix(table, "X", np.dtype))


@pytest.mark.parametrize("table", TABLES)
def test_tables_become_matrices(table):
    assert_array_equal(table_to_matrix(table, 4), X)
    assert_array_equal(read(table), X)


@pytest.mark.parametrize("table", TABLES)
def test_slices_of_tables(table):
    assert_array_equal(read(table[2:]), X[2:])


def test_columns_of_several_dtypes():
    table = pyarrow.table({"a": np.ones(2, np.int8), "b": np.ones(2, np.float64)})
    assert arrow_matrix(table, "X", np.dtype).dtype == np.float64


def test_lengths_of_lists_are_those_of_the_first_list():
    lists = pyarrow.chunked_array([pyarrow.array([], pyarrow.list_(pyarrow.float32())), [[1, 2]]])
    assert_array_equal(read(pyarrow.table({"a": lists})), [[1, 2]])


@pytest.mark.parametrize("n_columns", [0, 2])
def test_empty_tables(n_columns):
    table = pyarrow.table({f"c{j}": pyarrow.array([], "f4") for j in range(n_columns)})
    assert arrow_matrix(table, "X", np.dtype).shape == (0, n_columns)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"a": [1.0, None] * 5}, r"^X, column 'a', row 1: the value is missing"),
        ({"a": [[1.0, 2.0], [1.0]] * 5}, r"row 1: the vector has 1 values, .* row 0 has 2\."),
        ({"a": [[1.0, 2.0], [1.0], [1.0] * 3] * 5}, r"column 'a', row 1: the vector has 1 values"),
        ({"a": [[1, 2], None] * 5}, "column 'a', row 1: the value is missing"),
        ({"a": [None, [1, 2]] * 5}, "column 'a', row 0: the value is missing"),
        ({"a": [[1, 2], [3, None]] * 5}, "column 'a', row 1: the vector has a missing value"),
        ({"a": [["b"]] * 5}, "column 'a' holds string, not real numbers"),
        ({"a": [[[1.0]]] * 5}, "column 'a' holds list.*, not real numbers"),
        ({"a": [{"b": 1}]}, "column 'a' holds struct.*, not real numbers"),
        ({"id": [1], "a": [[1.0]]}, r"columns 'id', 'a', and column 'a' .*pass only X\['a'\]"),
    ],
)
def test_tables_without_a_matrix(table, message):
    with pytest.raises(ValueError, match=message):
        small_turtle(n_clusters=2).fit(pyarrow.table(table))


def test_rows_are_counted_over_all_pieces():
    lists = pyarrow.chunked_array([[[1, 2]] * 5, [[1, 2], [1], [1, 2]]])
    with pytest.raises(ValueError, match=r"^Space 'clip', column 'a', row 6: the vector has 1"):
        np.asarray(arrow_matrix(pyarrow.table({"a": lists}), "Space 'clip'", np.dtype))


def test_tensors_of_fixed_shape():
    tensors = pyarrow.FixedShapeTensorArray.from_numpy_ndarray(X)
    assert_array_equal(read(pyarrow.table({"a": tensors})), X)
    matrices = pyarrow.FixedShapeTensorArray.from_numpy_ndarray(X.reshape(5, 2, 2))
    with pytest.raises(ValueError, match=r"column 'a': the tensors have shape \(2, 2\)"):
        read(pyarrow.table({"a": matrices}))


def test_columns_have_names():
    tables = [table_of_columns(x) for x in two_spaces(60)[0]]
    names = [
        f"{space}__{name}" for space, t in zip("ab", tables, strict=True) for name in t.schema.names
    ]
    table = pyarrow.table([column for t in tables for column in t.columns], names=names)
    turtle = small_turtle(max_iter=20, n_init=2, polish_iter=2, spaces="prefix").fit(table)
    assert turtle.space_names_ == ["a", "b"]
    assert list(turtle.feature_names_in_) == names
    with pytest.raises(ValueError, match="feature names should match"):
        turtle.predict(table.rename_columns(names[::-1]))
