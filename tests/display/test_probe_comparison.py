"""Plot of a clustering against a supervised probe."""

import numpy as np

from sklearn_turtle.display import ProbeComparisonDisplay
from sklearn_turtle.metrics import ProbeComparison


def test_points_have_names_and_the_title_has_the_accuracies():
    comparison = ProbeComparison(
        ["cat", "dog", "emu"], np.array([0.5, 0.9, 0.9]), np.array([0.6, 0.9, 0.9]), 0.7, 0.75
    )
    display = ProbeComparisonDisplay(comparison).plot(marker="x")
    np.testing.assert_array_equal(
        display.points_.get_offsets(), [[0.6, 0.5], [0.9, 0.9], [0.9, 0.9]]
    )
    assert [text.get_text() for text in display.ax_.texts] == ["cat", "dog and 1 more"]
    assert display.ax_.get_title() == "Accuracy 0.70 without labels, 0.75 with; correlation 1.00"


def test_many_points_have_no_names():
    comparison = ProbeComparison(list(range(31)), np.linspace(0, 1, 31), np.ones(31), 0.5, 1.0)
    display = ProbeComparisonDisplay(comparison).plot()
    assert not display.ax_.texts
    assert "correlation" not in display.ax_.get_title()  # the accuracy of the probe is constant
