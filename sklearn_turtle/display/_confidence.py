"""Plot of the confidence of the labels."""

from typing import Any

import numpy as np

from sklearn_turtle.display._base import Display


class ConfidenceDisplay(Display):
    """Histogram of the confidence: the probability of each sample's own cluster.

    Parameters
    ----------
    confidence : ndarray of shape (n_samples,)
        Probability of the cluster of each sample.

    Attributes
    ----------
    bars_ : matplotlib BarContainer
        The histogram, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ConfidenceDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> ConfidenceDisplay.from_estimator(turtle, X).confidence.shape
    (300,)
    """

    def __init__(self, confidence: np.ndarray) -> None:
        self.confidence = confidence

    @classmethod
    def from_estimator(cls, estimator: Any, X: Any) -> "ConfidenceDisplay":
        """Create a display of the confidence of samples.

        Parameters
        ----------
        estimator : estimator
            A fitted clustering with ``predict_proba``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict_proba``.

        Returns
        -------
        ConfidenceDisplay
            Call its ``plot`` to draw it.
        """
        return cls(estimator.predict_proba(X).max(1))

    def _draw(self, ax: Any, **style: Any) -> None:
        bins = np.linspace(0, 1, 21)
        _, _, self.bars_ = ax.hist(self.confidence, **({"bins": bins} | style))
        ax.set(xlabel="Probability of the cluster", ylabel="Samples")
