"""Plot of the choice of the number of clusters."""

import numpy as np

from sklearn_turtle.display import NClustersDisplay
from sklearn_turtle.model_selection import NClustersSelection


def test_scores_are_plotted_against_the_candidates():
    selection = NClustersSelection(
        candidates=np.array([2, 3, 4]),
        stability=np.array([0.8, 1.0, 0.7]),
        stability_error=np.array([0.1, 0.0, 0.1]),
        accuracy=np.array([0.9, 1.0, 0.9]),
        entropy=np.array([0.7, 1.0, 1.2]),
        null_accuracy=np.array([0.9, 0.5, 0.4]),
        gain_error=np.array([0.0, 0.1, 0.1]),
    )
    display = NClustersDisplay(selection).plot(marker="x")
    line = display.errorbar_[0]
    assert line.get_marker() == "x"
    np.testing.assert_array_equal(line.get_xdata(), selection.candidates)
    np.testing.assert_array_equal(line.get_ydata(), selection.score)
    assert display.ax_.get_title() == "n_clusters = 3"
