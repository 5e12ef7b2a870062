"""What all displays share."""

from abc import ABC, abstractmethod

from sklearn.utils._optional_dependencies import check_matplotlib_support


class Display(ABC):
    """Draws on axes.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.
    """

    @abstractmethod
    def _draw(self, ax, **style):
        """Draw on these axes."""

    def plot(self, ax=None, **style):
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None for a new figure.
        **style : dict
            Passed on to the function of matplotlib that draws.

        Returns
        -------
        self : Display
            The display, with ``ax_`` and ``figure_``.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        import matplotlib.pyplot as plt

        if ax is None:
            _, ax = plt.subplots()
        self._draw(ax, **style)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def names_of_clusters(names, n_clusters):
    """Names of clusters: those given, or their numbers."""
    if names is None:
        return [str(cluster) for cluster in range(n_clusters)]
    if len(names) != n_clusters:
        raise ValueError(f"names has {len(names)} entries, but there are {n_clusters} clusters.")
    return [str(name) for name in names]
