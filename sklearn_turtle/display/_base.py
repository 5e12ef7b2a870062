"""The base class of all displays."""

from abc import ABC, abstractmethod
from typing import Any, TypeVar

from sklearn_turtle._io._extras import import_extra

SomeDisplay = TypeVar("SomeDisplay", bound="Display")


class Display(ABC):
    """Base class of the displays.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.
    """

    @abstractmethod
    def _draw(self, ax: Any, **style: Any) -> None:
        """Draw on the axes."""

    def plot(self: SomeDisplay, ax: Any = None, **style: Any) -> SomeDisplay:
        """Draw the display.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for a new figure.
        **style : dict
            Arguments of the matplotlib function that draws.

        Returns
        -------
        self : Display
            The display, with ``ax_`` and ``figure_`` set.
        """
        import_extra("matplotlib", "matplotlib", "plot", f"{type(self).__name__}.plot")
        import matplotlib.pyplot as plt

        if ax is None:
            _, ax = plt.subplots()
        self._draw(ax, **style)
        self.ax_, self.figure_ = ax, ax.figure
        return self
