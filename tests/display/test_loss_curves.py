"""Plot of the losses of the restarts."""

import numpy as np

from sklearn_turtle.display import LossCurvesDisplay


def test_one_line_per_restart(blobs):
    _, _, turtle = blobs
    display = LossCurvesDisplay.from_estimator(turtle).plot(color="black")
    assert len(display.lines_) == 8
    assert display.lines_[0].get_color() == "black"
    curves = np.column_stack([line.get_ydata() for line in display.lines_])
    n_steps = len(curves)
    np.testing.assert_allclose(curves.mean(1), turtle.loss_curve_[:n_steps], rtol=1e-5)
