"""Plot of the losses of the restarts."""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle.display._base import Display


class LossCurvesDisplay(Display):
    """Loss of each restart over its outer steps.

    Parameters
    ----------
    loss_curves : ndarray of shape (n_steps, n_restarts)
        Loss (Eq. 12) of each restart at each of its outer steps; NaN after its last step.

    Attributes
    ----------
    lines_ : list of matplotlib Line2D
        The curves, one per restart, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import LossCurvesDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> LossCurvesDisplay.from_estimator(turtle).loss_curves.shape
    (100, 8)
    """

    def __init__(self, loss_curves: np.ndarray) -> None:
        self.loss_curves = loss_curves

    @classmethod
    def from_estimator(cls, estimator: Any) -> "LossCurvesDisplay":
        """Create a display of the restarts of a fit.

        Parameters
        ----------
        estimator : TurtleClustering
            A fitted estimator.

        Returns
        -------
        LossCurvesDisplay
            Call its ``plot`` to draw it.
        """
        check_is_fitted(estimator)
        return cls(estimator.restart_loss_curves_)

    def _draw(self, ax: Any, **style: Any) -> None:
        self.lines_ = ax.plot(self.loss_curves, **({"linewidth": 0.8} | style))
        ax.set(xlabel="Outer step", ylabel="Loss of a restart")
