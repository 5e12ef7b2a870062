"""Plot of clusters against true classes."""

import numpy as np
import pytest

from sklearn_turtle.display import MatchedConfusionDisplay


def test_matched_clusters_are_on_the_diagonal(blobs):
    _, y, turtle = blobs
    display = MatchedConfusionDisplay.from_predictions(y, turtle.labels_).plot()
    np.testing.assert_array_equal(display.image_.get_array(), display.shares)
    np.testing.assert_allclose(display.shares.sum(1), 1)
    assert np.diag(display.shares).mean() > 0.85
    for row, label in enumerate(display.classes):
        for column, cluster in enumerate(display.clusters):
            share = (turtle.labels_[y == label] == cluster).mean()
            assert display.shares[row, column] == pytest.approx(share)


def test_unmatched_clusters_are_at_the_end():
    display = MatchedConfusionDisplay.from_predictions(["b", "a", "a", "a"], [5, 7, -1, 7]).plot()
    assert display.classes.tolist() == ["a", "b"]
    assert display.clusters.tolist() == [7, 5, -1]
    assert [tick.get_text() for tick in display.ax_.get_xticklabels()] == ["7", "5", "-1"]


def test_rejected_rows_are_matched_to_no_class():
    display = MatchedConfusionDisplay.from_predictions(["a", "a", "b"], [-1, -1, 0])
    assert display.clusters.tolist() == [0, -1]
    assert display.shares.tolist() == [[0, 1], [1, 0]]
