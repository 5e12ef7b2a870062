"""Labels and classes without missing values."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._input._class_embeddings import read_class_embeddings
from sklearn_turtle._input._labels import read_column
from sklearn_turtle.exploration import assign_classes
from sklearn_turtle.metrics import clustering_accuracy, compare_with_probe, generalization_score


@pytest.mark.parametrize(
    "values", [["a", "b"], [0, 1], np.array([0.0, 1.0]), pd.Series(["a", "b"]), pl.Series([0, 1])]
)
def test_values_are_kept(values):
    assert_array_equal(read_column(values, "y"), np.asarray(values))


def test_tensors():
    assert read_column(torch.tensor([2, 1]), "y").tolist() == [2, 1]


@pytest.mark.parametrize(
    "values",
    [
        ["a", None],
        ["a", np.nan],
        [0, None],
        np.array([0, np.nan]),
        np.array(["a", None], dtype=object),
        pd.Series(["a", None]),
        pd.Series([0, pd.NA]),
        pd.Series(["a", None], dtype="category"),
        pl.Series(["a", None]),
    ],
)
def test_missing_values(values):
    with pytest.raises(ValueError, match=r"^y\[1\] is missing \(.*leave it out together with"):
        read_column(values, "y")


X = np.eye(4)
MISSING = ["a", None, "b", "b"]


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (lambda: clustering_accuracy(MISSING, [0, 1, 0, 1]), "y_true"),
        (lambda: compare_with_probe([0, 0, 1, 1], X, MISSING), "y"),
        (lambda: generalization_score(MISSING, [X]), "labels"),
        (lambda: read_class_embeddings(X, MISSING), "classes"),
    ],
)
def test_functions_that_take_labels(function, argument):
    with pytest.raises(ValueError, match=rf"^{argument}\[1\] is missing"):
        function()


def test_classes_of_few_samples():
    from tests.support.two_spaces import small_turtle, two_spaces

    x = two_spaces()[0][0]
    turtle = small_turtle(n_init=2, max_iter=5, polish_iter=0).fit(x)
    with pytest.raises(ValueError, match=r"^y\[1\] is missing"):
        assign_classes(turtle, x[:4], MISSING)
