"""Measure one number of clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sklearn_turtle._estimator.n_clusters._halves import HalvesMeasurement, ProjectedProblem
from sklearn_turtle._estimator.n_clusters._selection import room_for_gain


@dataclass(frozen=True)
class Measurement:
    """Measurements of one number of clusters.

    Attributes
    ----------
    data, null : HalvesMeasurement
        On the data, and on data without clusters.
    """

    data: HalvesMeasurement
    null: HalvesMeasurement


def measure(
    estimator: Any, data: ProjectedProblem, null: ProjectedProblem, splits: range, verbose: int
) -> Measurement:
    """Measure the number of clusters of an estimator.

    Parameters
    ----------
    estimator : TurtleClustering
        Gives the parameters of the labelings.
    data, null : ProjectedProblem
        The data, and data without clusters.
    splits : range of int
        Splits of the data into halves. For the data without clusters, the first one is enough.
    verbose : int
        1 prints a line.
    """
    measurement = Measurement(
        data.in_halves(estimator, splits), null.in_halves(estimator, splits[:1])
    )
    if verbose:
        measured = point([measurement])
        print(
            f"[select_n_clusters] {estimator.n_clusters} clusters, {len(splits)} splits: "
            f"agreement {measured['stability']:.3f}, accuracy {measured['accuracy']:.3f}, "
            f"without clusters {measured['null_accuracy']:.3f}",
            flush=True,
        )
    return measurement


def point(measurements: Sequence[Measurement]) -> dict[str, float]:
    """The point of the curve at one number of clusters.

    Parameters
    ----------
    measurements : sequence of Measurement
        Measurements on different splits.

    Returns
    -------
    dict of str to float
        Keyed by the names of the attributes of :class:`NClustersSelection`.
    """
    data = HalvesMeasurement.joined([measurement.data for measurement in measurements])
    null = HalvesMeasurement.joined([measurement.null for measurement in measurements])
    stability, stability_error = _mean_and_error(data.agreement)
    accuracy, error = _mean_and_error(data.accuracy)
    null_accuracy, null_error = _mean_and_error(null.accuracy)
    room = room_for_gain(null_accuracy)
    return {
        "stability": stability,
        "stability_error": stability_error,
        "entropy": data.entropy.mean(),
        "accuracy": accuracy,
        "null_accuracy": null_accuracy,
        "gain_error": min(1.0, np.hypot(error, null_error * (1 - accuracy) / room) / room),
    }


def _mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return values.mean(), values.std(ddof=1) / values.size**0.5
