"""Embeddings that are one column of vectors."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle import stack_spaces
from sklearn_turtle._input._matrix import check_matrix
from sklearn_turtle._input._vectors import (
    check_rows,
    is_column_of_vectors,
    stack_vectors,
    unpack_vectors,
)
from sklearn_turtle.distributed import predict_frame
from sklearn_turtle.metrics import compare_with_probe, generalization_score
from sklearn_turtle.model_selection import TurtleSearch
from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, Y = clear_spaces()
X = SPACES[0]
QUICK = {"n_init": 2, "max_iter": 5, "polish_iter": 0}


def arrow_backed(x):
    lists = pyarrow.list_(pyarrow.from_numpy_dtype(x.dtype))
    return pd.Series(x.tolist(), name="v", dtype=pd.ArrowDtype(lists))


COLUMNS = {
    "pandas": lambda x: pd.Series(list(x), name="v"),
    "pandas, other index": lambda x: pd.Series(list(x), index=np.arange(len(x))[::-1] * 3),
    "pandas, arrow": arrow_backed,
    "polars, fixed": lambda x: pl.Series("v", x),
    "polars, lists": lambda x: pl.Series("v", x).arr.to_list(),
    "array of objects": lambda x: pd.Series(list(x)).to_numpy(),
    "arrow": lambda x: pyarrow.array(list(x)),
    "arrow, chunked": lambda x: pyarrow.chunked_array([list(x[:3]), list(x[3:])]),
    "arrow, fixed": lambda x: pyarrow.FixedSizeListArray.from_arrays(x.ravel(), x.shape[1]),
    "arrow, tensors": pyarrow.FixedShapeTensorArray.from_numpy_ndarray,
}
TABLES = {
    "pandas": lambda x: pd.DataFrame({"v": list(x)}),
    "pandas, arrow": lambda x: arrow_backed(x).to_frame(),
    "polars, fixed": lambda x: pl.DataFrame({"v": x}),
    "polars, lists": lambda x: pl.DataFrame({"v": COLUMNS["polars, lists"](x)}),
    "array of objects": lambda x: pd.DataFrame({"v": list(x)}).to_numpy(),
    "arrow batch": lambda x: pyarrow.record_batch({"v": list(x)}),
}
CONTAINERS = [*COLUMNS.values(), *TABLES.values()]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_values_and_dtypes_are_kept(container, dtype):
    x = X[:9].astype(dtype)
    matrix = check_matrix(container(x), "x")
    assert matrix.dtype == dtype
    assert_array_equal(np.asarray(matrix), x)


@pytest.fixture(scope="module")
def fitted():
    return small_turtle(**QUICK).fit(X)


@pytest.mark.parametrize("container", [COLUMNS["pandas"], TABLES["polars, lists"]])
def test_entries_of_the_estimator(container, fitted):
    given = container(X)
    turtle = small_turtle(**QUICK).fit(given)
    assert turtle.n_features_in_ == X.shape[1]
    assert not hasattr(turtle, "feature_names_in_")
    assert_array_equal(turtle.labels_, fitted.labels_)
    assert_array_equal(fitted.predict(given), fitted.labels_)
    assert_array_equal(fitted.predict_proba(given), fitted.predict_proba(X))
    assert fitted.score(given) == fitted.score(X)
    turtle.partial_fit(given)


@pytest.mark.parametrize("container", CONTAINERS)
def test_several_spaces(container):
    given = [container(x) for x in SPACES]
    stacked, widths = stack_spaces(given)
    assert widths == [12, 8]
    assert_array_equal(stacked, np.hstack(SPACES))


def test_names_of_columns_are_not_names_of_features():
    frames = {name: pd.DataFrame({"v": list(x)}) for name, x in zip("ab", SPACES, strict=True)}
    turtle = small_turtle(**QUICK).fit(frames)
    assert turtle.n_features_in_ == 20
    assert not hasattr(turtle, "feature_names_in_")
    assert_array_equal(turtle.predict(dict(zip("ab", SPACES, strict=True))), turtle.labels_)


@pytest.mark.parametrize("cv", [None, 2])
@pytest.mark.parametrize("container", [COLUMNS["arrow"], TABLES["arrow batch"]])
def test_search(container, cv):
    search = TurtleSearch(small_turtle(**QUICK), {"gamma": [10]}, cv=cv).fit(container(X))
    assert search.best_estimator_.n_features_in_ == 12


def test_metrics():
    column = pd.Series(list(X))
    assert generalization_score(Y, [column]) == generalization_score(Y, [X])
    assert compare_with_probe(Y, column, Y).names == [0, 1, 2, 3]


def test_partitions_of_a_table_stored_in_arrow(fitted):
    frame = pd.DataFrame({"space0": arrow_backed(X[:5])})
    assert predict_frame(fitted, frame)["cluster"].tolist() == fitted.labels_[:5].tolist()


GOOD = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
IN_OBJECTS = [
    lambda rows: pd.Series(rows, name="v", dtype=object),
    lambda rows: pd.DataFrame({"v": pd.Series(rows, dtype=object)}),
]
ANYWHERE = [
    *IN_OBJECTS,
    lambda rows: pd.Series(rows, name="v", dtype=pd.ArrowDtype(pyarrow.list_(pyarrow.float32()))),
    lambda rows: pl.Series("v", rows, dtype=pl.List(pl.Float32)),
    lambda rows: pl.DataFrame({"v": rows}),
    lambda rows: pyarrow.record_batch({"v": rows}),
]


def assert_refused(given, message):
    with pytest.raises(ValueError, match=f"^Space 'clip', column 'v', row 1: .*{message}"):
        np.asarray(check_matrix(given, "clip"))


@pytest.mark.parametrize("container", ANYWHERE)
def test_ragged_and_missing_vectors(container):
    assert_refused(container([GOOD[0], [1.0], GOOD[1]]), "has 1 values, but that of row 0 has 2")
    # as many values as expected in total
    assert_refused(container([GOOD[0], [1.0], [1.0, 2.0, 3.0]]), "has 1 values")
    assert_refused(container([GOOD[0], None, GOOD[1]]), "the value is missing. Remove such rows")


@pytest.mark.parametrize("container", IN_OBJECTS)
@pytest.mark.parametrize(
    ("row", "message"),
    [
        (np.nan, "the value is missing"),
        ("text", "found 'text'. Pass one vector"),
        (3.0, "found 3.0. Pass one vector"),
        ([1.0, None], "the vector has a missing value"),
        (["a", "b"], "does not hold numbers"),
        ([[1.0], [1.0, 2.0]], "does not hold numbers"),
        (np.ones((1, 2)), r"found an array of shape \(1, 2\)"),
    ],
)
def test_rows_without_a_vector_of_numbers(container, row, message):
    given = container([GOOD[0], None, GOOD[1]])
    column = given if given.ndim == 1 else given["v"]
    column.array[1] = row
    assert_refused(given, message)


def test_a_column_without_any_vector():
    with pytest.raises(ValueError, match=r"^X, column 'v', row 0: the value is missing"):
        check_matrix(pd.Series([None, None], name="v"), None)


def test_a_vector_of_texts_in_polars():
    with pytest.raises(ValueError, match=r"^X, column 'v', row 0: .* does not hold numbers"):
        check_matrix(pl.DataFrame({"v": [["a", "b"]]}), None)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pyarrow.record_batch])
def test_other_columns_beside_one_of_vectors(make):
    table = make({"id": [1, 2, 3], "v": GOOD})
    message = r"^X has the columns 'id', 'v', and column 'v' holds vectors.* only X\['v'\]"
    with pytest.raises(ValueError, match=message):
        check_matrix(table, None)


@pytest.mark.parametrize("container", [pd.DataFrame, pl.DataFrame, np.asarray, list])
def test_other_objects_stay_as_they_are(container):
    given = container(X)
    assert unpack_vectors(given, "X") is given
    assert not is_column_of_vectors(given)


@pytest.mark.parametrize("container", COLUMNS.values())
def test_columns_are_recognized(container):
    assert is_column_of_vectors(container(X))


@pytest.mark.parametrize(
    "column", [pd.Series([1.0]), pd.Series(["a"]), pl.Series([1.0]), pyarrow.array([1.0])]
)
def test_columns_of_numbers_or_texts_are_no_vectors(column):
    assert not is_column_of_vectors(column)
    with pytest.raises(ValueError, match=r"2D array|2-dimensional|could not convert"):
        check_matrix(column, "x")


def test_vectors_of_several_kinds():
    vectors = [np.ones(2, np.float16), [1, 2], torch.ones(2, dtype=torch.bfloat16)]
    matrix = stack_vectors(vectors, "X")
    assert matrix.dtype == np.float64
    assert_array_equal(matrix, [[1, 1], [1, 2], [1, 1]])


def test_rows_of_lists():
    check_rows(GOOD, "X")
    check_rows([1.0, 2.0], "X")  # one row, which has another message
    with pytest.raises(ValueError, match=r"^X, row 1: the vector has 1 values"):
        small_turtle(n_clusters=2).fit([[1.0, 2.0], [1.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match=r"^Space 'a', row 2: the value is missing"):
        small_turtle(n_clusters=2).fit({"a": [*GOOD[:2], None]})
