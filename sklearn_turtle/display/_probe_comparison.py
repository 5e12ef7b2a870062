"""Plot of a clustering against a supervised linear probe."""

from typing import Any

import numpy as np

from sklearn_turtle.display._base import Display
from sklearn_turtle.metrics import ProbeComparison


class ProbeComparisonDisplay(Display):
    """Accuracy of a clustering against that of a supervised linear probe.

    Each point is a class or a dataset. On the dashed diagonal, the clustering is as accurate as
    the probe, which is trained on labels.

    Parameters
    ----------
    comparison : ProbeComparison
        The result of :func:`~sklearn_turtle.metrics.compare_with_probe`.

    Attributes
    ----------
    points_ : matplotlib PathCollection
        The points, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ProbeComparisonDisplay
    >>> from sklearn_turtle.metrics import compare_with_probe
    >>> X, y = load_iris(return_X_y=True)
    >>> labels = TurtleClustering(n_clusters=3, n_init=8, random_state=0).fit_predict(X)
    >>> display = ProbeComparisonDisplay(compare_with_probe(labels, X, y))
    >>> display.comparison.names
    [0, 1, 2]
    """

    # With more points, the names would overlap.
    MAX_NAMES = 30

    def __init__(self, comparison: ProbeComparison) -> None:
        self.comparison = comparison

    def _draw(self, ax: Any, **style: Any) -> None:
        comparison = self.comparison
        ax.axline((0, 0), slope=1, linestyle="--", color="gray")
        self.points_ = ax.scatter(comparison.supervised, comparison.unsupervised, **style)
        if len(comparison.names) <= self.MAX_NAMES:
            self._write_names(ax)
        lowest = np.min([comparison.supervised, comparison.unsupervised], initial=1)
        limits = (max(0, lowest - 0.1), 1.02)
        title = f"Accuracy {comparison.unsupervised_accuracy:.2f} without labels, "
        title += f"{comparison.supervised_accuracy:.2f} with"
        if np.isfinite(comparison.correlation):
            title += f"; correlation {comparison.correlation:.2f}"
        ax.set(
            xlim=limits,
            ylim=limits,
            aspect="equal",
            xlabel="Accuracy of the supervised linear probe",
            ylabel="Accuracy of the clustering",
            title=title,
        )

    def _write_names(self, ax: Any) -> None:
        """Write names next to their points; where points coincide, one name and a count."""
        comparison = self.comparison
        names_at: dict[tuple[float, float], list[str]] = {}
        for x, y, name in zip(
            comparison.supervised, comparison.unsupervised, comparison.names, strict=True
        ):
            names_at.setdefault((x, y), []).append(str(name))
        for place, names in names_at.items():
            text = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
            ax.annotate(
                text,
                place,
                xytext=(-5, 4),
                textcoords="offset points",
                fontsize="x-small",
                horizontalalignment="right",
            )
