"""Scores of labelings."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import KFold, cross_val_score

from sklearn_turtle.metrics import (
    agreement_matrix,
    clustering_accuracy,
    generalization_score,
    match_clusters,
    mean_per_class_accuracy,
    stability,
)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_accuracy_is_the_best_over_all_matchings(pairs):
    y_true, y_pred = np.array(pairs).T
    by_hand = max(np.mean(np.array(p)[y_pred] == y_true) for p in permutations(range(4)))
    assert clustering_accuracy(y_true, y_pred) == pytest.approx(by_hand)


def test_accuracy_with_names_gaps_and_other_numbers_of_clusters():
    assert clustering_accuracy(["b", "b", "a"], [-7, -7, 1000]) == 1
    assert clustering_accuracy([0, 0, 0, 0], [0, 1, 2, 2]) == 0.5
    assert clustering_accuracy([0, 1, 2, 2], [5, 5, 5, 5]) == 0.5


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 2)), min_size=1, max_size=30))
def test_the_matching_explains_both_accuracies(pairs):
    y_true, y_pred = np.array(pairs).T
    matching = match_clusters(y_true, y_pred)
    classes = list(matching.values())
    assert len(set(classes)) == len(classes)
    assert len(classes) == min(len(np.unique(y_true)), len(np.unique(y_pred)))
    right = np.array([matching.get(cluster) for cluster in y_pred.tolist()]) == y_true
    assert clustering_accuracy(y_true, y_pred) == pytest.approx(right.mean())
    by_class = [right[y_true == c].mean() for c in np.unique(y_true)]
    assert mean_per_class_accuracy(y_true, y_pred) == pytest.approx(np.mean(by_class))


@pytest.mark.parametrize("score", [clustering_accuracy, mean_per_class_accuracy, match_clusters])
def test_matching_refuses_what_it_cannot_compare(score):
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        score([0, 1], [0])
    with pytest.raises(ValueError, match=f"{score.__name__} needs at least one sample"):
        score([], [])


def test_stability():
    assert stability([[0, 0, 1, 1], [1, 1, 0, 0], [5, 5, 3, 3]]) == 1
    assert stability([[0, 0, 1, 1], [0, 1, 0, 1]]) < 0.1
    assert np.isnan(stability([[0, 1]]))


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-2, 3), min_size=n, max_size=n), min_size=2, max_size=4
        )
    )
)
def test_agreement_is_the_adjusted_rand_index_of_each_pair(labelings):
    agreement = agreement_matrix(labelings)
    expected = [[adjusted_rand_score(a, b) for b in labelings] for a in labelings]
    np.testing.assert_allclose(agreement, expected, atol=1e-12)
    assert stability(labelings) == pytest.approx(
        np.mean([expected[i][j] for i in range(len(labelings)) for j in range(i)])
    )


def by_scikit_learn(labels, spaces, **parameters):
    folds = KFold(10, shuffle=True, random_state=0)
    classifier = LogisticRegression(max_iter=5000, **parameters)
    return np.mean([cross_val_score(classifier, Z, labels, cv=folds).mean() for Z in spaces])


def digits(scale=1.0):
    X, y = load_digits(return_X_y=True)
    return [X[:, :32] * scale, X[:, 32:] * scale], y


@pytest.mark.parametrize("scale", [1e-3, 1 / 16, 1.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_classes", [10, 2])
def test_generalization_score_is_cross_validated_logistic_regression(scale, dtype, n_classes):
    spaces, y = digits(scale)
    y = np.minimum(y, n_classes - 1)
    score = generalization_score(y, [Z.astype(dtype) for Z in spaces], device="cpu")
    assert score == pytest.approx(by_scikit_learn(y, spaces), abs=0.005)


def test_generalization_score_of_iris_of_names_and_of_other_penalties():
    X, y = load_iris(return_X_y=True)
    spaces = [X[:, :2], X[:, 2:]]
    names = np.array(["c", "a", "b"])[y]
    for C in (0.01, 100.0):
        score = generalization_score(names, spaces, C=C)
        assert score == pytest.approx(by_scikit_learn(y, spaces, C=C), abs=0.005)


def test_generalization_score_of_random_labels_is_chance():
    rng = np.random.default_rng(0)
    labels, X = rng.choice(4, size=4000, p=[0.7, 0.1, 0.1, 0.1]), rng.normal(size=(4000, 3))
    assert generalization_score(labels, [X]) == pytest.approx(0.7, abs=0.02)
    # the largest cluster is all that is ever predicted
    by_chance = 0.7**2 + 3 * 0.1**2
    adjusted = generalization_score(labels, [X], adjusted=True)
    assert adjusted == pytest.approx((0.7 - by_chance) / (1 - by_chance), abs=0.03)


def test_one_cluster_tells_nothing():
    X = np.random.default_rng(0).normal(size=(20, 3))
    assert generalization_score([3] * 20, [X]) == 0
    assert generalization_score([3] * 20, [X], adjusted=True) == 0


def test_generalization_score_of_rare_clusters_and_few_rows():
    X = [np.random.default_rng(0).normal(size=(12, 3))]
    assert 0 <= generalization_score([0] * 11 + [1], X) <= 1
    assert generalization_score([0, 1], [X[0][:2]]) == 0
    with pytest.raises(ValueError, match="at least 2 rows"):
        generalization_score([0], [X[0][:1]])


@pytest.mark.parametrize("parameters", [{"cv": 1}, {"C": 0}, {"max_iter": 0}])
def test_generalization_score_refuses_impossible_parameters(parameters):
    with pytest.raises(ValueError, match=f"'{next(iter(parameters))}' parameter"):
        generalization_score([0, 1], [np.ones((2, 1))], **parameters)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_generalization_score_of_features_that_are_not_finite(value):
    features = np.ones((20, 2))
    features[7, 1] = value
    with pytest.raises(ValueError, match="space 'space1', first in row 7"):
        generalization_score(np.arange(20) % 2, [np.ones((20, 2)), features])


@pytest.mark.parametrize("exponent", [-100, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_generalization_score_of_features_whose_squares_are_out_of_range(exponent, dtype):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(200, 3)).astype(dtype)
    labels = features[:, 0] + rng.normal(size=200) > 0
    expected = generalization_score(labels, [features], C=0.1)
    scaled = features * dtype(2.0**exponent)
    found = generalization_score(labels, [scaled], C=0.1 / 4.0**exponent)
    assert found == expected


def test_generalization_score_beside_an_outlier():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(200, 3)).astype(np.float32)
    labels = features[:, 0] > 0
    features[17] = 1e6
    assert 0 <= generalization_score(labels, [features]) <= 1


@pytest.mark.parametrize("features", [np.zeros((30, 2)), np.full((30, 2), 1e30)])
def test_constant_features_predict_the_largest_cluster(features):
    labels = [0] * 20 + [1] * 10
    assert generalization_score(labels, [features]) == pytest.approx(2 / 3, abs=0.01)
