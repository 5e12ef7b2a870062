"""Samples whose cluster is least certain."""

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.exploration import uncertain_samples
from sklearn_turtle.metrics import match_clusters


class Given:
    def __init__(self, probabilities):
        self.probabilities = np.array(probabilities)

    def predict_proba(self, X):
        return self.probabilities


def test_narrow_margins_come_first():
    given = Given([[0.9, 0.1, 0.0], [0.4, 0.3, 0.3], [0.5, 0.5, 0.0], [0.1, 0.2, 0.7]])
    assert uncertain_samples(given, None, 3).tolist() == [2, 1, 3]
    assert uncertain_samples(given, None, 10).tolist() == [2, 1, 3, 0]


def test_a_single_cluster_has_no_margin():
    assert uncertain_samples(Given([[1.0], [1.0]]), None, 1).tolist() == [0]


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="n_uncertain"):
        uncertain_samples(Given([[1.0]]), None, 0)
    with pytest.raises(ValueError, match="estimator"):
        uncertain_samples(object(), None)


def test_uncertain_digits_are_wrong_more_often():
    X, y = load_digit_spaces()
    turtle = TurtleClustering(10, random_state=0).fit(X)
    class_of = match_clusters(y, turtle.labels_)
    wrong = np.array([class_of[label] for label in turtle.labels_]) != y
    uncertain = uncertain_samples(turtle, X, 200)
    assert len(set(uncertain.tolist())) == 200
    assert wrong[uncertain].mean() > 3 * wrong.mean()
