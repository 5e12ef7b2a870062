"""Plot of the agreement between restarts."""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle.display._base import Display


class AgreementDisplay(Display):
    """Adjusted Rand index of each pair of restarts.

    Blocks in the matrix are groups of restarts that found the same solution.

    Parameters
    ----------
    agreement : ndarray of shape (n_restarts, n_restarts)
        Agreement of each pair, as returned by :func:`~sklearn_turtle.metrics.agreement_matrix`.

    Attributes
    ----------
    image_ : matplotlib AxesImage
        The matrix, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import AgreementDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> AgreementDisplay.from_estimator(turtle).agreement.shape
    (8, 8)
    """

    def __init__(self, agreement: np.ndarray) -> None:
        self.agreement = agreement

    @classmethod
    def from_estimator(cls, estimator: Any) -> "AgreementDisplay":
        """Create a display of the restarts of a fit.

        Parameters
        ----------
        estimator : TurtleClustering
            A fitted estimator.

        Returns
        -------
        AgreementDisplay
            Call its ``plot`` to draw it.
        """
        check_is_fitted(estimator)
        return cls(estimator.agreement_)

    def _draw(self, ax: Any, **style: Any) -> None:
        self.image_ = ax.imshow(self.agreement, **({"vmax": 1.0} | style))
        ax.figure.colorbar(self.image_, ax=ax, label="adjusted Rand index")
        ax.set(xlabel="Restart", ylabel="Restart")
