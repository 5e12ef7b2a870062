"""A map of the samples in the plane."""

from numbers import Integral

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions, validate_params

from sklearn_turtle._input._clustered_rows import read_spaces
from sklearn_turtle._input._matrix import to_numpy
from sklearn_turtle._io._extras import import_extra
from sklearn_turtle._solver import spread_rows
from sklearn_turtle.display._base import Display, names_of_clusters

# t-SNE and UMAP see the spaces along so many principal axes, which is what makes them quick.
N_COMPONENTS = 50


class ClusterMapDisplay(Display):
    """Samples in the plane, colored by cluster, the paler the less certain.

    Colors come again after ten clusters; names stand at the median of each.

    Parameters
    ----------
    coordinates : ndarray of shape (n_points, 2)
        Where the samples lie.
    rows : ndarray of shape (n_points,), int
        Which samples they are.
    labels : ndarray of shape (n_points,), int
        Cluster of each of them.
    confidence : ndarray of shape (n_points,)
        Probability of its cluster.
    names : list of str
        Name of each cluster.

    Attributes
    ----------
    points_ : matplotlib PathCollection
        The points, once drawn.
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ClusterMapDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> ClusterMapDisplay.from_estimator(turtle, X, method="pca").coordinates.shape
    (300, 2)
    """

    def __init__(self, coordinates, *, rows, labels, confidence, names):
        self.coordinates = coordinates
        self.rows = rows
        self.labels = labels
        self.confidence = confidence
        self.names = names

    @classmethod
    @validate_params(
        {
            "estimator": [HasMethods("predict_proba")],
            "method": [StrOptions({"auto", "umap", "tsne", "pca"})],
            "max_samples": [Interval(Integral, 2, None, closed="left")],
            "random_state": ["random_state"],
        },
        prefer_skip_nested_validation=True,
    )
    def from_estimator(
        cls, estimator, X, *, method="auto", max_samples=5000, names=None, random_state=None
    ):
        """Of the samples ``X``, or of some evenly spread over them.

        All spaces have the same weight: each is centered, and divided by its spread.

        Parameters
        ----------
        estimator : estimator
            Fitted, with ``predict_proba``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict_proba``.
        method : {"auto", "umap", "tsne", "pca"}, default="auto"
            What lays the samples out: UMAP of the package umap-learn, which is the extra "umap";
            t-SNE; or the first two principal axes. "auto" for UMAP where it is installed, else
            t-SNE.
        max_samples : int, default=5000
            Number of samples at most.
        names : list of str or None, default=None
            Name of each cluster, such as :func:`~sklearn_turtle.exploration.name_clusters` gives;
            None for their numbers.
        random_state : int, RandomState instance or None, default=None
            Determines the layout of t-SNE and UMAP.

        Returns
        -------
        ClusterMapDisplay
            Not drawn yet: call ``plot``.

        Raises
        ------
        ImportError
            If ``method="umap"`` and umap-learn is not installed.
        ValueError
            If a parameter is not as above, or ``X`` does not fit the estimator.
        """
        probabilities = estimator.predict_proba(X)
        rows = spread_rows(len(probabilities), max_samples).numpy()
        features = _side_by_side(read_spaces(estimator, X), rows)
        probabilities = probabilities[rows]
        return cls(
            _layout(features, method, random_state),
            rows=rows,
            labels=probabilities.argmax(1),
            confidence=probabilities.max(1),
            names=names_of_clusters(names, probabilities.shape[1]),
        )

    def _draw(self, ax, **style):
        import matplotlib

        colors = matplotlib.colormaps["tab10"](self.labels % 10)
        colors[:, 3] = 0.1 + 0.9 * self.confidence
        style = {"s": 8, "linewidths": 0} | style
        self.points_ = ax.scatter(*self.coordinates.T, c=colors, **style)
        behind = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1}
        for cluster in np.unique(self.labels):
            place = np.median(self.coordinates[self.labels == cluster], axis=0)
            ax.annotate(self.names[cluster], place, ha="center", va="center", bbox=behind)
        ax.set(xticks=[], yticks=[])


def _side_by_side(spaces, rows):
    """Rows of all spaces, (n_rows, n_features), each centered and of the same spread."""
    columns = []
    for matrix in spaces.matrices:
        z = to_numpy(matrix[rows]).astype(np.float64)
        z -= z.mean(0)
        spread = np.sqrt(np.square(z).sum(1).mean())
        columns.append(z / (spread or 1.0))
    return np.hstack(columns)


def _layout(features, method, random_state):
    """Coordinates in the plane, (n_rows, 2)."""
    if method == "auto":
        try:
            umap = _import_umap()
            method = "umap"
        except ImportError:
            method = "tsne"
    elif method == "umap":
        umap = _import_umap()
    n_components = min(2 if method == "pca" else N_COMPONENTS, *features.shape)
    axes = PCA(n_components, svd_solver="full").fit_transform(features)
    if n_components < 2 or method == "pca":  # of one axis there is nothing to lay out
        return np.pad(axes, ((0, 0), (0, 2 - n_components)))
    if method == "tsne":
        perplexity = min(30.0, (len(axes) - 1) / 3)
        return TSNE(perplexity=perplexity, random_state=random_state).fit_transform(axes)
    # a layout that a seed determines is made in one thread, which UMAP warns of unless told so
    n_jobs = -1 if random_state is None else 1
    return umap.UMAP(random_state=random_state, n_jobs=n_jobs).fit_transform(axes)


def _import_umap():
    return import_extra("umap", "umap-learn", "umap", 'method="umap"')
