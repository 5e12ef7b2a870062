"""Accuracies of clusters that are matched to classes."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_turtle.metrics import (
    clustering_accuracy,
    coverage,
    match_clusters,
    mean_per_class_accuracy,
)

SCORES = [clustering_accuracy, mean_per_class_accuracy, match_clusters]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_accuracy_is_the_highest_over_all_matchings(pairs):
    y_true, y_pred = np.array(pairs).T
    expected = max(np.mean(np.array(p)[y_pred] == y_true) for p in permutations(range(4)))
    assert clustering_accuracy(y_true, y_pred) == pytest.approx(expected)


def test_accuracy_with_any_numbers_and_numbering():
    assert clustering_accuracy(["b", "b", "a"], [-7, -7, 1000]) == 1
    assert clustering_accuracy([0, 0, 0, 0], [0, 1, 2, 2]) == 0.5
    assert clustering_accuracy([0, 1, 2, 2], [5, 5, 5, 5]) == 0.5


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 2)), min_size=1, max_size=30))
def test_both_accuracies_follow_from_the_matching(pairs):
    y_true, y_pred = np.array(pairs).T
    matching = match_clusters(y_true, y_pred)
    classes = list(matching.values())
    assert len(set(classes)) == len(classes)
    clusters = np.unique(y_pred[y_pred != -1])
    assert len(classes) == min(len(np.unique(y_true)), len(clusters))
    right = np.array([matching.get(cluster) for cluster in y_pred.tolist()]) == y_true
    assert clustering_accuracy(y_true, y_pred) == pytest.approx(right.mean())
    by_class = [right[y_true == c].mean() for c in np.unique(y_true)]
    assert mean_per_class_accuracy(y_true, y_pred) == pytest.approx(np.mean(by_class))
    assert clustering_accuracy(y_true, y_pred) <= coverage(y_pred) + 1e-12


@pytest.mark.parametrize("convert", [list, np.array, lambda y: np.array(y, dtype=float)])
def test_rejected_rows_never_count_as_right(convert):
    y_true = ["a", "a", "b", "b", "b", "b"]
    y_pred = convert([0, 0, -1, -1, -1, 1])
    assert clustering_accuracy(y_true, y_pred) == 0.5
    assert mean_per_class_accuracy(y_true, y_pred) == pytest.approx((1 + 1 / 4) / 2)
    assert match_clusters(y_true, y_pred) == {0: "a", 1: "b"}
    rejected = convert([-1] * 6)
    assert clustering_accuracy(y_true, rejected) == mean_per_class_accuracy(y_true, rejected) == 0
    assert match_clusters(y_true, rejected) == {}


def test_only_the_number_marks_rejected_rows():
    assert clustering_accuracy([0, 1], ["-1", "1"]) == 1
    assert clustering_accuracy([-1, 1], [0, 1]) == 1  # a class may be -1
    assert clustering_accuracy([0, 1], [False, True]) == 1


@pytest.mark.parametrize("score", SCORES)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20
    ).filter(lambda rows: any(weight for *_, weight in rows))
)
def test_a_weight_counts_like_repeated_samples(score, rows):
    y_true, y_pred, weight = np.array(rows).T
    weighted = score(y_true, y_pred, sample_weight=weight)
    repeated = score(np.repeat(y_true, weight), np.repeat(y_pred, weight))
    assert weighted == (repeated if score is match_clusters else pytest.approx(repeated))


def test_weights_worked_out_by_hand():
    y_true, y_pred = ["cat", "cat", "dog", "dog"], [1, 0, 0, 0]
    assert clustering_accuracy(y_true, y_pred, sample_weight=[0.5, 1.5, 0.5, 0.5]) == 0.5
    assert mean_per_class_accuracy(y_true, y_pred, sample_weight=[1, 3, 2, 3]) == 0.625
    assert match_clusters(y_true, y_pred, sample_weight=[1, 5, 1, 1]) == {0: "cat", 1: "dog"}
    assert match_clusters(y_true, y_pred, sample_weight=[0, 5, 0, 0]) == {0: "cat"}


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1, -1], "sample_weight must not be negative; its least is -1"),
        ([0, 0], "0 for all samples"),
        ([1], "inconsistent numbers of samples"),
        ([1, np.nan], "sample_weight contains NaN"),
    ],
)
def test_weights_are_checked(score, weight, message):
    with pytest.raises(ValueError, match=message):
        score([0, 1], [0, 1], sample_weight=weight)


@pytest.mark.parametrize("score", SCORES)
def test_lengths_that_differ_or_are_zero_are_refused(score):
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        score([0, 1], [0])
    with pytest.raises(ValueError, match=f"{score.__name__} needs at least one sample"):
        score([], [])
