"""The generalization score."""

from functools import cache

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_score

from sklearn_turtle.metrics import generalization_score


def by_scikit_learn(labels, spaces, **parameters):
    folds = KFold(10, shuffle=True, random_state=0)
    classifier = LogisticRegression(solver="newton-cholesky", **parameters)
    return np.mean([cross_val_score(classifier, Z, labels, cv=folds).mean() for Z in spaces])


def digits(scale, n_classes):
    """Return the two halves of the images of the digits 0 to 4, and labels."""
    X, y = load_digits(return_X_y=True)
    rows = np.flatnonzero(y < 5)[:600]
    X, y = X[rows] * scale, np.minimum(y[rows], n_classes - 1)
    return [X[:, :32], X[:, 32:]], y


@cache
def expected_for_digits(scale, n_classes):
    spaces, y = digits(scale, n_classes)
    return by_scikit_learn(y, spaces)


@pytest.mark.parametrize("scale", [1e-3, 1 / 16, 1.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_classes", [5, 2])
def test_score_is_the_accuracy_of_logistic_regression(scale, dtype, n_classes):
    spaces, y = digits(scale, n_classes)
    score = generalization_score(y, [Z.astype(dtype) for Z in spaces], device="cpu")
    assert score == pytest.approx(expected_for_digits(scale, n_classes), abs=0.005)


@pytest.mark.parametrize("C", [0.01, 100.0])
def test_score_of_strings_with_other_penalties(C):
    X, y = load_iris(return_X_y=True)
    spaces = [X[:, :2], X[:, 2:]]
    names = np.array(["c", "a", "b"])[y]
    score = generalization_score(names, spaces, C=C)
    assert score == pytest.approx(by_scikit_learn(y, spaces, C=C), abs=0.005)


def test_score_of_random_labels_is_chance():
    rng = np.random.default_rng(0)
    labels, X = rng.choice(4, size=4000, p=[0.7, 0.1, 0.1, 0.1]), rng.normal(size=(4000, 3))
    assert generalization_score(labels, [X]) == pytest.approx(0.7, abs=0.02)
    # All rows are predicted to be in the largest cluster.
    by_chance = 0.7**2 + 3 * 0.1**2
    adjusted = generalization_score(labels, [X], adjusted=True)
    assert adjusted == pytest.approx((0.7 - by_chance) / (1 - by_chance), abs=0.03)


def test_a_single_cluster_scores_0():
    X = np.random.default_rng(0).normal(size=(20, 3))
    assert generalization_score([3] * 20, [X]) == 0
    assert generalization_score([3] * 20, [X], adjusted=True) == 0


def test_score_of_rare_clusters_and_few_rows():
    X = np.random.default_rng(0).normal(size=(12, 3))
    assert 0 <= generalization_score([0] * 11 + [1], [X]) <= 1
    assert generalization_score([0, 1], [X[:2]]) == 0
    with pytest.raises(ValueError, match="at least 2 rows"):
        generalization_score([0], [X[:1]])


@pytest.mark.parametrize("parameters", [{"cv": 1}, {"C": 0}, {"max_iter": 0}])
def test_parameters_out_of_range_are_refused(parameters):
    with pytest.raises(ValueError, match=f"'{next(iter(parameters))}' parameter"):
        generalization_score([0, 1], [np.ones((2, 1))], **parameters)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused(value):
    features = np.ones((20, 2))
    features[7, 1] = value
    with pytest.raises(ValueError, match="space 'space1', first in row 7"):
        generalization_score(np.arange(20) % 2, [np.ones((20, 2)), features])
