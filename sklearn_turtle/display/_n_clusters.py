"""Plot of the choice of the number of clusters."""

from typing import Any

from sklearn_turtle.display._base import Display
from sklearn_turtle.model_selection import NClustersSelection


class NClustersDisplay(Display):
    """Score of each number of clusters that was tried.

    Parameters
    ----------
    selection : NClustersSelection
        The result of :func:`~sklearn_turtle.model_selection.select_n_clusters`.

    Attributes
    ----------
    errorbar_ : matplotlib ErrorbarContainer
        The scores with their standard errors, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import NClustersDisplay
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(100, n_features=20, centers=4, random_state=0)
    >>> short = TurtleClustering(max_iter=20, polish_iter=5)
    >>> selection = select_n_clusters(X, [3, 4], estimator=short, random_state=0)
    >>> NClustersDisplay(selection).selection.n_clusters
    4
    """

    def __init__(self, selection: NClustersSelection) -> None:
        self.selection = selection

    def _draw(self, ax: Any, **style: Any) -> None:
        from matplotlib.ticker import LogFormatter

        chosen = self.selection
        self.errorbar_ = ax.errorbar(
            chosen.candidates,
            chosen.score,
            chosen.score_error,
            **({"marker": "o", "capsize": 2} | style),
        )
        ax.axvline(chosen.n_clusters, linestyle="--", color="gray")
        ax.set(
            xscale="log",
            xlabel="Number of clusters",
            ylabel="Score",
            title=f"n_clusters = {chosen.n_clusters}",
        )
        # Label the axis with whole numbers instead of powers of ten.
        ax.xaxis.set_major_formatter(LogFormatter())
        ax.xaxis.set_minor_formatter(LogFormatter(minor_thresholds=(2, 0.5)))
