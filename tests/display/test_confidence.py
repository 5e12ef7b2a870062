"""Plot of the confidence of the labels."""

from sklearn_turtle.display import ConfidenceDisplay


def test_bars_count_all_samples(blobs):
    X, _, turtle = blobs
    display = ConfidenceDisplay.from_estimator(turtle, X).plot()
    counts = [bar.get_height() for bar in display.bars_]
    assert sum(counts) == len(turtle.labels_)
    assert counts[-1] == (turtle.predict_proba(X).max(1) >= 0.95).sum()
