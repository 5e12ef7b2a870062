"""Predictions for one partition of a table."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from sklearn_turtle.distributed import predict_frame
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces()
SHORT = {"n_init": 2, "max_iter": 20, "polish_iter": 5}
NAMED = dict(zip(["clip", "dino"], SPACES, strict=True))
VECTORS = pd.DataFrame({"id": range(240), **{name: list(x) for name, x in NAMED.items()}})
WIDE = pd.DataFrame(
    np.hstack(SPACES),
    columns=[f"{name}__{j}" for name, x in NAMED.items() for j in range(x.shape[1])],
    index=np.arange(240) * 2,
).assign(text="a")


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(**SHORT).fit(NAMED)


@pytest.fixture(scope="module")
def fitted_to_frame():
    return small_turtle(spaces="prefix", **SHORT).fit(WIDE.drop(columns="text"))


def assert_predicted(frame, turtle, X):
    probabilities = turtle.predict_proba(X)
    np.testing.assert_array_equal(frame["cluster"], turtle.predict(X))
    np.testing.assert_array_equal(frame["probability"], probabilities.max(1))
    assert frame["cluster"].dtype == np.int32
    assert frame["probability"].dtype == np.float32


def test_one_column_of_vectors_per_space(turtle):
    predicted = predict_frame(turtle, VECTORS[50:])
    assert list(predicted.columns) == ["id", "cluster", "probability"]
    assert predicted["id"].tolist() == list(range(50, 240))
    assert_predicted(predicted, turtle, {name: x[50:] for name, x in NAMED.items()})


def test_one_column_per_feature(fitted_to_frame):
    shuffled_columns = WIDE[WIDE.columns[::-1]]
    predicted = predict_frame(fitted_to_frame, shuffled_columns)
    assert list(predicted.columns) == ["text", "cluster", "probability"]
    assert predicted.index.equals(WIDE.index)
    assert_predicted(predicted, fitted_to_frame, WIDE.drop(columns="text"))


@pytest.mark.parametrize("table", [VECTORS, WIDE], ids=["vectors", "features"])
def test_empty_partition(turtle, fitted_to_frame, table):
    estimator = turtle if table is VECTORS else fitted_to_frame
    whole, empty = predict_frame(estimator, table), predict_frame(estimator, table[:0])
    assert len(empty) == 0
    assert empty.dtypes.equals(whole.dtypes)


def test_vectors_as_lists(turtle):
    lists = VECTORS[:9].assign(clip=[x.tolist() for x in NAMED["clip"][:9]])
    expected = predict_frame(turtle, VECTORS[:9])["cluster"]
    np.testing.assert_array_equal(predict_frame(turtle, lists)["cluster"], expected)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (VECTORS.drop(columns="dino"), r"\['clip', 'dino'\].*columns are \['id', 'clip'\]"),
        (VECTORS.assign(dino=None), "column 'dino', row 0: the value is missing"),
        (
            VECTORS[:2].assign(clip=[np.ones(12), np.ones(11)]),
            "column 'clip', row 1: the vector has 11 values",
        ),
        (VECTORS[:2].assign(clip=[np.ones(11)] * 2), "'clip' has 11 features"),
        (VECTORS[:1].assign(clip=[np.full(12, np.nan)]), "NaN: space 'clip'"),
    ],
)
def test_errors_name_the_column(turtle, frame, message):
    with pytest.raises(ValueError, match=message):
        predict_frame(turtle, frame)


def test_not_fitted():
    with pytest.raises(NotFittedError):
        predict_frame(small_turtle(), VECTORS)
