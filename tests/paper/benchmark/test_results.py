"""Results of a benchmark, from records written by hand."""

import numpy as np
import pytest

from sklearn_turtle.paper.benchmark import BenchmarkResults


def record(dataset, method, accuracy=None, *, spaces=("clip",), seed=0, label=None, error=None):
    return {
        "dataset": dataset,
        "method": method,
        "label": method if label is None else label,
        "spaces": list(spaces),
        "seed": seed,
        "accuracy": accuracy,
        "error": error,
    }


def test_scores_are_reduced_over_seeds():
    results = BenchmarkResults([record("a", "kmeans", 0.5), record("a", "kmeans", 0.7, seed=1)])
    assert results.score("accuracy") == pytest.approx(np.array([[0.6]]))
    assert results.score("accuracy", np.std) == pytest.approx(np.array([[0.1]]))


def test_scores_of_failed_and_missing_cells_are_nan():
    results = BenchmarkResults(
        [
            record("a", "kmeans", 0.5),
            record("a", "turtle", error="out of luck"),
            record("b", "kmeans", 0.25),
        ]
    )
    np.testing.assert_equal(results.score("accuracy"), [[0.5, np.nan], [0.25, np.nan]])
    assert [r["method"] for r in results.failed] == ["turtle"]


def test_labels_of_a_method_are_adjacent():
    results = BenchmarkResults(
        [
            record("a", "kmeans-1", 0.5, label="kmeans-1 (clip)"),
            record("a", "turtle", 0.5),
            record("b", "kmeans-1", 0.5, label="kmeans-1 (dino)"),
        ]
    )
    assert results.methods == ["kmeans-1 (clip)", "kmeans-1 (dino)", "turtle"]


def test_difference_to_zero_shot_in_a_space_of_the_method():
    results = BenchmarkResults(
        [
            record("a", "kmeans", 0.9, spaces=["clip", "dino"]),
            record("a", "kmeans-1", 0.8, label="kmeans-1 (clip)"),
            record("a", "kmeans-1", 0.7, label="kmeans-1 (dino)", spaces=["dino"]),
            record("a", "zero-shot", 0.6, label="zero-shot (clip)"),
        ]
    )
    np.testing.assert_allclose(results.difference_to_zero_shot(), [[0.3, 0.2, np.nan, 0.0]])


def test_comparison_with_the_probe_where_both_ran():
    results = BenchmarkResults(
        [
            record("a", "turtle", 0.5),
            record("a", "linear-probe", 0.6),
            record("b", "turtle", 0.9),
            record("b", "linear-probe", 0.9),
            record("c", "turtle", 0.1),
        ]
    )
    comparison = results.compare_with_probe()
    assert comparison.names == ["a", "b"]
    assert comparison.correlation == pytest.approx(1)
    assert comparison.optimal() == ["b"]
    assert comparison.unsupervised_accuracy == pytest.approx(0.7)


def test_no_comparison_without_the_probe():
    assert BenchmarkResults([record("a", "turtle", 0.5)]).compare_with_probe() is None
    separate = [record("a", "turtle", 0.5), record("b", "linear-probe", 0.5)]
    assert BenchmarkResults(separate).compare_with_probe() is None
