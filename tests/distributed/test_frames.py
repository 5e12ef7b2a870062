"""Predictions for partitions of a table."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from sklearn_turtle.distributed import predict_frame
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
NAMED = dict(zip(["clip", "dino"], SPACES, strict=True))
VECTORS = pd.DataFrame({"id": range(240), **{name: list(x) for name, x in NAMED.items()}})
WIDE = pd.DataFrame(
    np.hstack(SPACES),
    columns=[f"{name}__{j}" for name, x in NAMED.items() for j in range(x.shape[1])],
    index=np.arange(240) * 2,
).assign(text="a")


@pytest.fixture(scope="module")
def turtle():
    return small_turtle().fit(NAMED)


@pytest.fixture(scope="module")
def turtle_of_frame():
    return small_turtle(spaces="prefix").fit(WIDE.drop(columns="text"))


def assert_predicted(frame, turtle, X):
    probabilities = turtle.predict_proba(X)
    np.testing.assert_array_equal(frame["cluster"], turtle.predict(X))
    np.testing.assert_array_equal(frame["probability"], probabilities.max(1))
    assert frame["cluster"].dtype == np.int32
    assert frame["probability"].dtype == np.float32


def test_a_column_of_vectors_a_space(turtle):
    predicted = predict_frame(turtle, VECTORS[50:])
    assert list(predicted.columns) == ["id", "cluster", "probability"]
    assert predicted["id"].tolist() == list(range(50, 240))
    assert_predicted(predicted, turtle, {name: x[50:] for name, x in NAMED.items()})


def test_a_column_a_feature(turtle_of_frame):
    shuffled_columns = WIDE[WIDE.columns[::-1]]
    predicted = predict_frame(turtle_of_frame, shuffled_columns)
    assert list(predicted.columns) == ["text", "cluster", "probability"]
    assert predicted.index.equals(WIDE.index)
    assert_predicted(predicted, turtle_of_frame, WIDE.drop(columns="text"))


@pytest.mark.parametrize("table", [VECTORS, WIDE], ids=["vectors", "features"])
def test_partitions_may_be_empty(turtle, turtle_of_frame, table):
    estimator = turtle if table is VECTORS else turtle_of_frame
    whole, empty = predict_frame(estimator, table), predict_frame(estimator, table[:0])
    assert len(empty) == 0
    assert empty.dtypes.equals(whole.dtypes)


def test_lists_from_other_engines_are_vectors_too(turtle):
    lists = VECTORS[:9].assign(clip=[x.tolist() for x in NAMED["clip"][:9]])
    expected = predict_frame(turtle, VECTORS[:9])["cluster"]
    np.testing.assert_array_equal(predict_frame(turtle, lists)["cluster"], expected)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (VECTORS.drop(columns="dino"), r"\['clip', 'dino'\].*columns are \['id', 'clip'\]"),
        (VECTORS.assign(dino=None), "Column 'dino' must hold one vector a row"),
        (VECTORS[:2].assign(clip=[np.ones(12), np.ones(11)]), "Column 'clip' must hold one vector"),
        (VECTORS[:2].assign(clip=[np.ones(11)] * 2), "'clip' has 11 features"),
        (VECTORS[:1].assign(clip=[np.full(12, np.nan)]), "NaN: space 'clip'"),
    ],
)
def test_errors_name_the_column(turtle, frame, message):
    with pytest.raises(ValueError, match=message):
        predict_frame(turtle, frame)


def test_needs_a_fitted_estimator():
    with pytest.raises(NotFittedError):
        predict_frame(small_turtle(), VECTORS)
