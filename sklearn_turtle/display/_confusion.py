"""Clusters against classes."""

import numpy as np

from sklearn_turtle.display._base import Display
from sklearn_turtle.metrics import match_clusters


class MatchedConfusionDisplay(Display):
    """Share of the samples of each class in each cluster, matched clusters on the diagonal.

    Parameters
    ----------
    shares : ndarray of shape (n_classes, n_clusters)
        Share of the samples of a class (row) that lie in a cluster (column).
    classes : ndarray of shape (n_classes,)
        The classes, in the order of the rows.
    clusters : ndarray of shape (n_clusters,)
        The clusters, in the order of the columns.

    Attributes
    ----------
    image_ : matplotlib AxesImage
        The image, once drawn.
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.

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

    def __init__(self, shares, *, classes, clusters):
        self.shares = shares
        self.classes = classes
        self.clusters = clusters

    @classmethod
    def from_predictions(cls, y_true, y_pred):
        """Of true labels and those of a clustering.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            True classes: integers or strings.
        y_pred : array-like of shape (n_samples,)
            Labels of a clustering, as numerous as the classes, fewer or more.

        Returns
        -------
        MatchedConfusionDisplay
            Not drawn yet: call ``plot``.
        """
        matching = match_clusters(y_true, y_pred)
        classes, y_true = np.unique(y_true, return_inverse=True)
        clusters, y_pred = np.unique(y_pred, return_inverse=True)
        counts = np.zeros((len(classes), len(clusters)))
        np.add.at(counts, (y_true, y_pred), 1)
        # clusters in the order of their classes, those that no class is matched to at the end
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

    def _draw(self, ax, **style):
        self.image_ = ax.imshow(self.shares, **({"vmin": 0.0, "vmax": 1.0} | style))
        ax.figure.colorbar(self.image_, ax=ax, label="share of the class")
        ax.set(xlabel="Cluster", ylabel="Class")
        ax.set_xticks(range(len(self.clusters)), self.clusters, rotation="vertical")
        ax.set_yticks(range(len(self.classes)), self.classes)
