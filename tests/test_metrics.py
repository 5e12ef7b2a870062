"""Scores of labellings."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import KFold, cross_val_score

from sklearn_turtle.metrics import (
    agreement_matrix,
    clustering_accuracy,
    generalization_score,
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


def test_accuracy_refuses_what_it_cannot_compare():
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        clustering_accuracy([0, 1], [0])
    with pytest.raises(ValueError, match="at least one sample"):
        clustering_accuracy([], [])


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


def test_generalization_score_is_cross_validated_logistic_regression():
    X, y = load_iris(return_X_y=True)
    spaces = [X[:, :2], X[:, 2:]]
    folds = KFold(10, shuffle=True, random_state=0)
    expected = [
        cross_val_score(LogisticRegression(max_iter=1000), Z, y, cv=folds).mean() for Z in spaces
    ]
    assert generalization_score(y, spaces) == pytest.approx(np.mean(expected))


def test_generalization_score_of_rare_clusters_and_few_rows():
    X = [np.random.default_rng(0).normal(size=(12, 3))]
    assert 0 <= generalization_score([0] * 11 + [1], X) <= 1
    assert generalization_score([0, 1], [X[0][:2]]) == 0
    with pytest.raises(ValueError, match="at least 2 rows"):
        generalization_score([0], [X[0][:1]])
