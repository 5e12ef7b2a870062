"""The choice of the number of clusters."""

from sklearn_turtle.display._base import Display


class NClustersDisplay(Display):
    """Score of the labelings against the number of clusters.

    Parameters
    ----------
    selection : NClustersSelection
        What :func:`~sklearn_turtle.model_selection.select_n_clusters` returned.

    Attributes
    ----------
    errorbar_ : matplotlib ErrorbarContainer
        The curve with its standard errors, once drawn.
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.display import NClustersDisplay
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> selection = select_n_clusters(X, [3, 4, 5], random_state=0)
    >>> NClustersDisplay(selection).selection.n_clusters
    4
    """

    def __init__(self, selection):
        self.selection = selection

    def _draw(self, ax, **style):
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
        # numbers of clusters as whole numbers, not as powers of ten
        ax.xaxis.set_major_formatter(LogFormatter())
        ax.xaxis.set_minor_formatter(LogFormatter(minor_thresholds=(2, 0.5)))
