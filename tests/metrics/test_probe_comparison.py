"""Comparison of a clustering with a supervised probe."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.metrics import compare_with_probe, match_clusters
from tests.support.two_spaces import two_spaces


def test_on_digits_some_classes_are_optimal_and_some_are_not():
    X, y = load_digits(return_X_y=True)
    turtle = TurtleClustering(10, n_init=8, random_state=0, device="cpu").fit(X)
    few = np.random.default_rng(0).choice(len(y), 300, replace=False)
    comparison = compare_with_probe(turtle.predict(X[few]), X[few], y[few])
    assert comparison.names == list(range(10))
    assert comparison.supervised_accuracy > 0.85
    assert comparison.unsupervised_accuracy > 0.7
    assert 0 < len(comparison.optimal()) < 10
    assert {0, 6} & set(comparison.optimal())  # these digits are far from all others


def test_clusters_equal_to_the_classes_are_optimal():
    X, y = two_spaces()
    numbers = np.array([7, 3, 11, 0])[y]
    names = np.array(["a", "b", "c", "d"])[y]
    comparison = compare_with_probe(numbers, X, names)
    assert comparison.unsupervised_accuracy == 1
    assert comparison.optimal() == comparison.names == ["a", "b", "c", "d"]


def test_two_classes_in_one_cluster_are_not_optimal():
    X, y = make_blobs(200, n_features=5, centers=4, cluster_std=0.1, random_state=0)
    comparison = compare_with_probe(np.where(y == 3, 2, y), X, y)
    assert comparison.supervised_accuracy == 1
    assert comparison.optimal()[:2] == [0, 1]
    # In each fold, the shared cluster is matched to one of the two classes.
    assert comparison.unsupervised[2:].sum() == pytest.approx(1, abs=0.01)
    assert comparison.unsupervised_accuracy == pytest.approx(0.75, abs=0.01)


def test_accuracies_match_an_independent_implementation():
    X, y = two_spaces(60, 3)
    labels = np.random.default_rng(0).integers(4, size=60)
    probe = LogisticRegression(C=0.01)
    comparison = compare_with_probe(labels, X, y, cv=3, probe=probe)
    stacked = stack_spaces(X)[0]
    by_clusters, by_probe = np.empty(60), np.empty(60)
    for training, held_out in StratifiedKFold(3, shuffle=True, random_state=0).split(stacked, y):
        class_of = match_clusters(y[training], labels[training])
        for row in held_out:
            by_clusters[row] = class_of.get(labels[row], -1) == y[row]
        probe.fit(stacked[training], y[training])
        by_probe[held_out] = probe.predict(stacked[held_out]) == y[held_out]
    for label in range(3):
        assert comparison.unsupervised[label] == by_clusters[y == label].mean()
        assert comparison.supervised[label] == by_probe[y == label].mean()
    assert comparison.unsupervised_accuracy == pytest.approx(by_clusters.mean())
    assert comparison.supervised_accuracy == pytest.approx(by_probe.mean())


def test_clusters_are_not_matched_on_the_rows_that_are_scored():
    # A matching on the scored rows would make every single-row cluster right.
    X, y = two_spaces(24, 4)
    comparison = compare_with_probe(np.arange(24), X, y, cv=3)
    assert comparison.unsupervised_accuracy == 0


def test_the_smallest_class_limits_the_number_of_folds():
    X, y = two_spaces(40, 4)
    keep = np.concatenate([np.flatnonzero(y == 0)[:2], np.flatnonzero(y != 0)])
    probe = KNeighborsClassifier(1)
    comparison = compare_with_probe(y[keep], [x[keep] for x in X], y[keep], cv=5, probe=probe)
    assert comparison.unsupervised_accuracy == 1


@pytest.mark.parametrize(
    ("y", "message"),
    [([0, 0, 1], "Class 1 has only one sample"), ([0, 0, 0], "y has 1 class")],
)
def test_too_few_labels_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        compare_with_probe([0, 0, 1], np.eye(3), y)


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        compare_with_probe([0, 1], np.eye(3), [0, 1, 1])
