"""Plot of clusters against true classes."""

from typing import Any

import numpy as np

from sklearn_turtle.display._base import Display
from sklearn_turtle.metrics import match_clusters


class MatchedConfusionDisplay(Display):
    """Share of each class in each cluster, with matched clusters on the diagonal.

    Parameters
    ----------
    shares : ndarray of shape (n_classes, n_clusters)
        Share of the samples of a class (row) that are in a cluster (column).
    classes : ndarray of shape (n_classes,)
        Class of each row.
    clusters : ndarray of shape (n_clusters,)
        Cluster of each column.

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
    >>> from sklearn_turtle.display import MatchedConfusionDisplay
    >>> display = MatchedConfusionDisplay.from_predictions(["a", "a", "b", "b"], [1, 1, 0, 1])
    >>> display.shares
    array([[1. , 0. ],
           [0.5, 0.5]])
    >>> display.clusters
    array([1, 0])
    """

    def __init__(self, shares: np.ndarray, *, classes: np.ndarray, clusters: np.ndarray) -> None:
        self.shares = shares
        self.classes = classes
        self.clusters = clusters

    @classmethod
    def from_predictions(cls, y_true: Any, y_pred: Any) -> "MatchedConfusionDisplay":
        """Create a display from true classes and the labels of a clustering.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            True classes: integers or strings.
        y_pred : array-like of shape (n_samples,)
            Labels of a clustering, with any number of clusters. Rejected rows (-1) have a column
            of their own, which no class is matched to.

        Returns
        -------
        MatchedConfusionDisplay
            Call its ``plot`` to draw it.
        """
        matching = match_clusters(y_true, y_pred)
        classes, y_true = np.unique(y_true, return_inverse=True)
        clusters, y_pred = np.unique(y_pred, return_inverse=True)
        counts = np.zeros((len(classes), len(clusters)))
        np.add.at(counts, (y_true, y_pred), 1)
        # Order the clusters like their classes, and put unmatched clusters at the end.
        row_of_class = {name: row for row, name in enumerate(classes.tolist())}
        rows = [
            row_of_class[matching[name]] if name in matching else len(classes)
            for name in clusters.tolist()
        ]
        order = np.argsort(rows, kind="stable")
        return cls(
            (counts / counts.sum(1, keepdims=True))[:, order],
            classes=classes,
            clusters=clusters[order],
        )

    def _draw(self, ax: Any, **style: Any) -> None:
        self.image_ = ax.imshow(self.shares, **({"vmin": 0.0, "vmax": 1.0} | style))
        ax.figure.colorbar(self.image_, ax=ax, label="share of the class")
        ax.set(xlabel="Cluster", ylabel="Class")
        ax.set_xticks(range(len(self.clusters)), self.clusters, rotation="vertical")
        ax.set_yticks(range(len(self.classes)), self.classes)
