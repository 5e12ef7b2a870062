"""Map of the samples in the plane."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions, validate_params

from sklearn_turtle._input._cluster_names import names_of_clusters
from sklearn_turtle._input._clustered_rows import read_spaces
from sklearn_turtle._input._conversion import to_numpy
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle._input.lazy import LazyMatrix
from sklearn_turtle._io._extras import import_extra
from sklearn_turtle._solver import spread_rows
from sklearn_turtle.display._base import Display

# t-SNE and UMAP get this number of principal components, which makes them fast.
N_COMPONENTS = 50


class ClusterMapDisplay(Display):
    """Samples in the plane, colored by cluster; less certain samples are paler.

    The ten colors repeat if there are more clusters. The name of a cluster is at its median.

    Parameters
    ----------
    coordinates : ndarray of shape (n_points, 2)
        Coordinates of the samples on the map.
    rows : ndarray of shape (n_points,), int
        Row of ``X`` of each of these samples.
    labels : ndarray of shape (n_points,), int
        Cluster of each of these samples.
    confidence : ndarray of shape (n_points,)
        Probability of the cluster of each of these samples.
    names : list of str
        Name of each cluster.

    Attributes
    ----------
    points_ : matplotlib PathCollection
        The points, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ClusterMapDisplay
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, n_init=8, random_state=0).fit(X)
    >>> ClusterMapDisplay.from_estimator(turtle, X, method="pca").coordinates.shape
    (300, 2)
    """

    def __init__(
        self,
        coordinates: np.ndarray,
        *,
        rows: np.ndarray,
        labels: np.ndarray,
        confidence: np.ndarray,
        names: list[str],
    ) -> None:
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
    @with_torch_defaults
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        *,
        method: str = "auto",
        max_samples: int = 5000,
        names: Sequence[str] | None = None,
        random_state: Any = None,
    ) -> "ClusterMapDisplay":
        """Create a display of samples, or of evenly spread rows if there are too many.

        All spaces have the same weight: each is centered and divided by its spread.

        Parameters
        ----------
        estimator : estimator
            A fitted clustering with ``predict_proba``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict_proba``.
        method : {"auto", "umap", "tsne", "pca"}, default="auto"
            Layout of the map: UMAP from the package umap-learn (extra "umap"), t-SNE, or the
            first two principal components. "auto" is UMAP if the package is installed, otherwise
            t-SNE.
        max_samples : int, default=5000
            Maximum number of samples on the map.
        names : list of str or None, default=None
            Name of each cluster, for example from
            :func:`~sklearn_turtle.exploration.name_clusters`; None for the numbers.
        random_state : int, RandomState instance or None, default=None
            Determines the layout of t-SNE and UMAP.

        Returns
        -------
        ClusterMapDisplay
            Call its ``plot`` to draw it.

        Raises
        ------
        ImportError
            If ``method="umap"`` and umap-learn is not installed.
        ValueError
            If a parameter is out of range, or ``X`` does not fit the estimator.
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

    def _draw(self, ax: Any, **style: Any) -> None:
        import matplotlib

        colors = matplotlib.colormaps["tab10"](self.labels % 10)
        colors[:, 3] = 0.1 + 0.9 * self.confidence
        style = {"s": 8, "linewidths": 0} | style
        self.points_ = ax.scatter(*self.coordinates.T, c=colors, **style)
        background = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1}
        for cluster in np.unique(self.labels):
            place = np.median(self.coordinates[self.labels == cluster], axis=0)
            ax.annotate(self.names[cluster], place, ha="center", va="center", bbox=background)
        ax.set(xticks=[], yticks=[])


def _side_by_side(spaces: Spaces, rows: np.ndarray) -> np.ndarray:
    """Stack rows of all spaces, (n_rows, n_features), centered and scaled space by space."""
    columns = []
    for matrix in spaces.matrices:
        read = matrix.take(rows) if isinstance(matrix, LazyMatrix) else matrix[rows]
        z = to_numpy(read).astype(np.float64)
        z -= z.mean(0)
        spread = np.sqrt(np.square(z).sum(1).mean())
        columns.append(z / (spread or 1.0))
    return np.hstack(columns)


def _layout(features: np.ndarray, method: str, random_state: Any) -> np.ndarray:
    """Compute coordinates in the plane, (n_rows, 2)."""
    if method == "auto":
        try:
            umap = _import_umap()
            method = "umap"
        except ImportError:
            method = "tsne"
    elif method == "umap":
        umap = _import_umap()
    n_components = min(2 if method == "pca" else N_COMPONENTS, *features.shape)
    components = PCA(n_components, svd_solver="full").fit_transform(features)
    if n_components < 2 or method == "pca":  # a single component is its own layout
        return np.pad(components, ((0, 0), (0, 2 - n_components)))
    if method == "tsne":
        perplexity = min(30.0, (len(components) - 1) / 3)
        tsne = TSNE(perplexity=perplexity, random_state=random_state)
        return np.asarray(tsne.fit_transform(components))
    # UMAP with a seed runs in one thread, and warns unless n_jobs agrees.
    n_jobs = -1 if random_state is None else 1
    return np.asarray(umap.UMAP(random_state=random_state, n_jobs=n_jobs).fit_transform(components))


def _import_umap() -> Any:
    return import_extra("umap", "umap-learn", "umap", 'method="umap"')
