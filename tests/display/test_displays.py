"""Pictures show what they say."""

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.display import (
    AgreementDisplay,
    ConfidenceDisplay,
    LossCurvesDisplay,
    MatchedConfusionDisplay,
    NClustersDisplay,
    ProbeComparisonDisplay,
)
from sklearn_turtle.metrics import ProbeComparison
from sklearn_turtle.model_selection import NClustersSelection

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="module")
def digits():
    X, y = load_digit_spaces()
    return X, y, TurtleClustering(10, n_init=8, random_state=0).fit(X)


def test_agreement(digits):
    _, _, turtle = digits
    display = AgreementDisplay.from_estimator(turtle).plot()
    np.testing.assert_array_equal(display.image_.get_array(), turtle.agreement_)
    pairs = turtle.agreement_[np.triu_indices(8, 1)]
    assert pairs.mean() == pytest.approx(turtle.stability_)


def test_loss_curves(digits):
    _, _, turtle = digits
    display = LossCurvesDisplay.from_estimator(turtle).plot(color="black")
    assert len(display.lines_) == 8
    assert display.lines_[0].get_color() == "black"
    curves = np.column_stack([line.get_ydata() for line in display.lines_])
    n_steps = len(curves)
    np.testing.assert_allclose(curves.mean(1), turtle.loss_curve_[:n_steps], rtol=1e-5)


def test_confidence(digits):
    X, _, turtle = digits
    display = ConfidenceDisplay.from_estimator(turtle, X).plot()
    counts = [bar.get_height() for bar in display.bars_]
    assert sum(counts) == len(turtle.labels_)
    assert counts[-1] == (turtle.predict_proba(X).max(1) >= 0.95).sum()


def test_confusion_has_matched_clusters_on_the_diagonal(digits):
    _, y, turtle = digits
    display = MatchedConfusionDisplay.from_predictions(y, turtle.labels_).plot()
    np.testing.assert_allclose(display.shares.sum(1), 1)
    assert np.diag(display.shares).mean() > 0.85
    for row, digit in enumerate(display.classes):
        for column, cluster in enumerate(display.clusters):
            share = (turtle.labels_[y == digit] == cluster).mean()
            assert display.shares[row, column] == pytest.approx(share)


def test_confusion_of_more_clusters_than_classes():
    display = MatchedConfusionDisplay.from_predictions(["b", "a", "a", "a"], [5, 7, -1, 7]).plot()
    assert display.classes.tolist() == ["a", "b"]
    assert display.clusters.tolist() == [7, 5, -1]
    assert [tick.get_text() for tick in display.ax_.get_xticklabels()] == ["7", "5", "-1"]


def test_axes_may_be_given():
    import matplotlib.pyplot as plt

    selection = NClustersSelection(
        candidates=np.array([2, 3, 4]),
        stability=np.array([0.8, 1.0, 0.7]),
        stability_error=np.array([0.1, 0.0, 0.1]),
        accuracy=np.array([0.9, 1.0, 0.9]),
        entropy=np.array([0.7, 1.0, 1.2]),
        null_accuracy=np.array([0.9, 0.5, 0.4]),
        gain_error=np.array([0.0, 0.1, 0.1]),
    )
    figure, ax = plt.subplots()
    display = NClustersDisplay(selection).plot(ax, marker="x")
    assert display.ax_ is ax
    assert display.figure_ is figure
    assert display.errorbar_[0].get_marker() == "x"
    np.testing.assert_array_equal(display.errorbar_[0].get_ydata(), selection.score)


def test_probe_comparison():
    comparison = ProbeComparison(
        ["cat", "dog", "emu"], np.array([0.5, 0.9, 0.9]), np.array([0.6, 0.9, 0.9]), 0.7, 0.75
    )
    display = ProbeComparisonDisplay(comparison).plot(marker="x")
    np.testing.assert_array_equal(
        display.points_.get_offsets(), [[0.6, 0.5], [0.9, 0.9], [0.9, 0.9]]
    )
    assert [text.get_text() for text in display.ax_.texts] == ["cat", "dog and 1 more"]
    assert display.ax_.get_title() == "Accuracy 0.70 without labels, 0.75 with; correlation 1.00"
    many = ProbeComparison(list(range(31)), np.linspace(0, 1, 31), np.ones(31), 0.5, 1.0)
    display = ProbeComparisonDisplay(many).plot()
    assert not display.ax_.texts
    assert "correlation" not in display.ax_.get_title()  # the probe does not vary
