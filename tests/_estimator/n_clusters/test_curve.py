"""Measurements of one number of clusters, and the point of the curve that they give."""

import numpy as np
import pytest

from sklearn_turtle._estimator._problem import read_problem
from sklearn_turtle._estimator.n_clusters._curve import Measurement, measure, point
from sklearn_turtle._estimator.n_clusters._halves import HalvesMeasurement, ProjectedProblem
from tests.support.choices import quick_turtle, separated_blobs


def halves(agreements, entropy=1.0, accuracy=0.9):
    shape = (len(agreements), 2)
    return HalvesMeasurement(
        np.array(agreements), np.full(shape, entropy), np.full(shape, accuracy)
    )


def test_measurements_of_all_splits_are_averaged():
    first = Measurement(halves([0.5, 0.7], accuracy=0.9), halves([0.1], accuracy=0.5))
    second = Measurement(halves([0.9], accuracy=0.6), halves([0.1], accuracy=0.7))
    # to first order: the errors of the accuracies, divided by the room for gain and what is left
    error, null_error = 0.15 * (6 / 5 * 8 / 9) ** 0.5 / 6**0.5, 0.1 * (4 / 3) ** 0.5 / 4**0.5
    assert point([first, second]) == pytest.approx(
        {
            "stability": 0.7,
            "stability_error": 0.2 / 3**0.5,
            "entropy": 1.0,
            "accuracy": 0.8,
            "null_accuracy": 0.6,
            "gain_error": np.hypot(error / 0.4, null_error * 0.2 / 0.4**2),
        }
    )


def test_without_clusters_one_split_is_measured(capsys):
    turtle = quick_turtle(n_clusters=3, n_init=2, max_iter=3, polish_iter=1)
    problem = ProjectedProblem(read_problem(turtle, separated_blobs(3, 60)), None, seed=0)
    measurement = measure(turtle, problem, problem, range(2), verbose=0)
    assert len(measurement.data.agreement) == 2
    assert len(measurement.null.agreement) == 1
    assert capsys.readouterr().out == ""
