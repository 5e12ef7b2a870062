"""Measure one number of clusters."""

from dataclasses import dataclass

import numpy as np

from sklearn_turtle._estimator.n_clusters._halves import HalvesMeasurement
from sklearn_turtle._estimator.n_clusters._selection import room_for_gain
from sklearn_turtle._solver import much_better


@dataclass(frozen=True)
class Measurement:
    """What splits of the rows say about a number of clusters, per way of polishing.

    Attributes
    ----------
    data, null : list of HalvesMeasurement
        Of the data, and of data without clusters.
    """

    data: list[HalvesMeasurement]
    null: list[HalvesMeasurement]


def measure(estimator, data, null, splits, verbose):
    """Measure the number of clusters of an estimator.

    Parameters
    ----------
    estimator : TurtleClustering
        Its parameters are those of the labelings.
    data, null : ProjectedProblem
        The data, and data without clusters.
    splits : range of int
        Splits of the data. Of the data without clusters, the first of them is enough.
    verbose : int
        1 prints a line.

    Returns
    -------
    Measurement
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


def point(measurements):
    """The point of the curve that several measurements of a number of clusters give.

    Free sizes are taken if classifiers make far fewer errors on them than on settled ones. A fit
    compares them with equal sizes, which would need a third polish here.

    Parameters
    ----------
    measurements : list of Measurement
        Of different splits.

    Returns
    -------
    dict of str to float
        By the names of the attributes of :class:`NClustersSelection`.
    """
    *settled, free = [
        _point_of_way(HalvesMeasurement.joined(data), HalvesMeasurement.joined(null))
        for data, null in zip(
            zip(*(measurement.data for measurement in measurements), strict=True),
            zip(*(measurement.null for measurement in measurements), strict=True),
            strict=True,
        )
    ]
    if settled and not much_better(1 - free["accuracy"], 1 - settled[0]["accuracy"]):
        return settled[0]
    return free


def _point_of_way(data, null):
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


def _mean_and_error(values):
    return values.mean(), values.std(ddof=1) / values.size**0.5
