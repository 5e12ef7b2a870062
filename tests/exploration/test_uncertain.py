"""Samples whose cluster is uncertain."""

import numpy as np
import pytest

from sklearn_turtle.exploration import uncertain_samples
from sklearn_turtle.metrics import match_clusters
from tests.support.given import Given


def test_small_margins_come_first():
    given = Given(
        probabilities=[[0.9, 0.1, 0.0], [0.4, 0.3, 0.3], [0.5, 0.5, 0.0], [0.1, 0.2, 0.7]]
    )
    assert uncertain_samples(given, None, 3).tolist() == [2, 1, 3]
    assert uncertain_samples(given, None, 10).tolist() == [2, 1, 3, 0]


def test_with_a_single_cluster_no_sample_is_uncertain():
    assert uncertain_samples(Given(probabilities=[[1.0], [1.0]]), None, 1).tolist() == [0]


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="n_uncertain"):
        uncertain_samples(Given(probabilities=[[1.0]]), None, 0)
    with pytest.raises(ValueError, match="estimator"):
        uncertain_samples(object(), None)


def test_uncertain_digits_are_wrong_more_often(digits):
    X, y, turtle = digits
    class_of = match_clusters(y, turtle.labels_)
    wrong = np.array([class_of[label] for label in turtle.labels_]) != y
    uncertain = uncertain_samples(turtle, X, 150)
    assert len(set(uncertain.tolist())) == 150
    assert wrong[uncertain].mean() > 1.3 * wrong.mean()
