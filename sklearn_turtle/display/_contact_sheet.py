"""Sheet of the images that represent each cluster."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils import _safe_indexing
from sklearn.utils._param_validation import HasMethods, Interval, validate_params

from sklearn_turtle._input._cluster_names import names_of_clusters
from sklearn_turtle._input._clustered_rows import read_spaces
from sklearn_turtle._io._extras import import_extra
from sklearn_turtle._io._thumbnails import thumbnail
from sklearn_turtle.display._base import Display
from sklearn_turtle.exploration import cluster_representatives


class ContactSheetDisplay(Display):
    """Images of the samples closest to the mean of each cluster, one row per cluster.

    Parameters
    ----------
    thumbnails : list of list of ndarray of shape (side, side, 3), uint8
        Images of each cluster.
    names : list of str
        Name of each cluster.

    Attributes
    ----------
    image_ : matplotlib AxesImage
        The sheet, set by ``plot``.
    ax_ : matplotlib Axes
        The axes, set by ``plot``.
    figure_ : matplotlib Figure
        The figure of the axes, set by ``plot``.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ContactSheetDisplay
    >>> digits = load_digits()
    >>> images = (digits.images * 15).astype(np.uint8)
    >>> turtle = TurtleClustering(n_clusters=10, n_init=4, random_state=0).fit(digits.data)
    >>> sheet = ContactSheetDisplay.from_estimator(turtle, digits.data, images, n_images=5)
    >>> len(sheet.thumbnails), len(sheet.thumbnails[0])
    (10, 5)
    """

    def __init__(self, thumbnails: list[list[np.ndarray]], *, names: list[str]) -> None:
        self.thumbnails = thumbnails
        self.names = names

    @classmethod
    @validate_params(
        {
            "estimator": [HasMethods("predict")],
            "n_images": [Interval(Integral, 1, None, closed="left")],
            "clusters": ["array-like", None],
            "side": [Interval(Integral, 1, None, closed="left")],
        },
        prefer_skip_nested_validation=True,
    )
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        images: Any,
        *,
        n_images: int = 10,
        clusters: Any = None,
        names: Sequence[str] | None = None,
        side: int = 64,
    ) -> "ContactSheetDisplay":
        """Create a display of the samples that are closest to the means of their clusters.

        Parameters
        ----------
        estimator : estimator
            A fitted clustering with ``predict``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict``.
        images : sequence or Series of str, Path, PIL image or ndarray of uint8, of length n_samples
            Image of each sample: a file, or pixels of shape (height, width) or
            (height, width, 3). Only the images on the sheet are read.
        n_images : int, default=10
            Number of images per cluster. Smaller clusters are shown in full.
        clusters : array-like of int or None, default=None
            Clusters to show; None for all.
        names : list of str or None, default=None
            Name of each cluster of the estimator, for example from
            :func:`~sklearn_turtle.exploration.name_clusters`; None for the numbers.
        side : int, default=64
            Height and width of a thumbnail in pixels. Images keep their proportions.

        Returns
        -------
        ContactSheetDisplay
            Call its ``plot`` to draw it.

        Raises
        ------
        ValueError
            If the number of images is not the number of samples, if pixels are not of dtype
            uint8, if ``clusters`` holds an unknown cluster, or if ``X`` does not fit the
            estimator.
        """
        # it brings pillow
        import_extra("matplotlib", "matplotlib", "plot", f"{cls.__name__}.from_estimator")
        representatives = cluster_representatives(estimator, X, n_images)
        n_clusters = len(representatives)
        names = names_of_clusters(names, n_clusters)
        n_samples = read_spaces(estimator, X).n_samples
        if len(images) != n_samples:
            raise ValueError(f"images has {len(images)} entries, but X has {n_samples} samples.")
        shown = list(range(n_clusters) if clusters is None else clusters)
        if not np.isin(shown, range(n_clusters)).all():
            raise ValueError(
                f"clusters={clusters!r} must be numbers of clusters, from 0 to {n_clusters - 1}."
            )
        thumbnails = [
            [thumbnail(_safe_indexing(images, row), side) for row in representatives[c].tolist()]
            for c in shown
        ]
        return cls(thumbnails, names=[names[cluster] for cluster in shown])

    def _draw(self, ax: Any, **style: Any) -> None:
        side = max((len(image) for row in self.thumbnails for image in row), default=1)
        n_columns = max(map(len, self.thumbnails))
        blank = np.full((side, side, 3), 255, dtype=np.uint8)
        sheet = np.vstack(
            [np.hstack([*row, *[blank] * (n_columns - len(row))]) for row in self.thumbnails]
        )
        self.image_ = ax.imshow(sheet, **style)
        ax.set(xticks=[])
        middles = side * (np.arange(len(self.names)) + 0.5)
        ax.set_yticks(middles, self.names)
