"""Images of the clusters, side by side."""

from numbers import Integral
from pathlib import Path

import numpy as np
from sklearn.utils import _safe_indexing
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils._param_validation import HasMethods, Interval, validate_params

from sklearn_turtle._io._images import open_image
from sklearn_turtle.display._base import Display, names_of_clusters
from sklearn_turtle.exploration._geometry import ClusterGeometry
from sklearn_turtle.exploration._samples import representatives_of


class ContactSheetDisplay(Display):
    """Images of the samples closest to the mean of each cluster, a row of images a cluster.

    Parameters
    ----------
    thumbnails : list of list of ndarray of shape (side, side, 3), uint8
        Images of each cluster.
    names : list of str
        Name of each of these clusters.

    Attributes
    ----------
    image_ : matplotlib AxesImage
        The sheet, once drawn.
    ax_ : matplotlib Axes
        The axes, once drawn.
    figure_ : matplotlib Figure
        The figure of the axes, once drawn.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.display import ContactSheetDisplay
    >>> digits = load_digits()
    >>> images = (digits.images * 15).astype(np.uint8)
    >>> turtle = TurtleClustering(n_clusters=10, n_init=8, random_state=0).fit(digits.data)
    >>> sheet = ContactSheetDisplay.from_estimator(turtle, digits.data, images, n_images=5)
    >>> len(sheet.thumbnails), len(sheet.thumbnails[0])
    (10, 5)
    """

    def __init__(self, thumbnails, *, names):
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
        cls, estimator, X, images, *, n_images=10, clusters=None, names=None, side=64
    ):
        """Of the samples that are closest to the means of their clusters.

        Parameters
        ----------
        estimator : estimator
            Fitted, with ``predict``.
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict``.
        images : sequence or Series of str, Path, PIL image or ndarray of uint8, of length n_samples
            The image of each sample: a file, or pixels of shape (height, width) or
            (height, width, 3). Those that are shown are read, and no others.
        n_images : int, default=10
            Number of images a cluster; all of them where there are fewer.
        clusters : array-like of int or None, default=None
            Which clusters; None for all.
        names : list of str or None, default=None
            Name of each cluster of the estimator, such as
            :func:`~sklearn_turtle.exploration.name_clusters` gives; None for their numbers.
        side : int, default=64
            Height and width of a thumbnail in pixels; images keep their proportions.

        Returns
        -------
        ContactSheetDisplay
            Not drawn yet: call ``plot``.

        Raises
        ------
        ValueError
            If there is not an image for each sample, if pixels are not of dtype uint8, if
            ``clusters`` are not clusters of the estimator, or if ``X`` does not fit it.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")  # it comes with pillow
        geometry = ClusterGeometry.of(estimator, X)
        n_samples, n_clusters = geometry.clustered.spaces.n_samples, geometry.clustered.n_clusters
        names = names_of_clusters(names, n_clusters)
        if len(images) != n_samples:
            raise ValueError(f"images has {len(images)} entries, but X has {n_samples} samples.")
        chosen = list(range(n_clusters) if clusters is None else clusters)
        if not np.isin(chosen, range(n_clusters)).all():
            raise ValueError(f"clusters={clusters!r} must be clusters, of 0 to {n_clusters - 1}.")
        representatives = representatives_of(geometry, n_images)
        thumbnails = [
            [thumbnail(_safe_indexing(images, row), side) for row in representatives[c].tolist()]
            for c in chosen
        ]
        return cls(thumbnails, names=[names[cluster] for cluster in chosen])

    def _draw(self, ax, **style):
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


def thumbnail(image, side):
    """An image in a white square, (side, side, 3), uint8.

    Parameters
    ----------
    image : str, Path, PIL image or ndarray of uint8
        The image.
    side : int
        Height and width of the square.
    """
    from PIL import ImageOps

    if isinstance(image, str):
        image = Path(image)
    elif not isinstance(image, Path):
        image = np.asarray(image)
        if image.dtype != np.uint8:
            raise ValueError(
                f"Pixels must be of dtype uint8, from 0 to 255; got {image.dtype}. Scale them, or "
                "pass the files."
            )
    upright = ImageOps.exif_transpose(open_image(image))  # as the camera noted
    return np.asarray(ImageOps.pad(upright, (side, side), color="white"))
