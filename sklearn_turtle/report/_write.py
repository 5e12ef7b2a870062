"""Write a report to a file."""

import os
from collections.abc import Sequence
from numbers import Integral
from typing import Any

from sklearn.utils._param_validation import HasMethods, Interval, StrOptions, validate_params

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle.model_selection import NClustersSelection
from sklearn_turtle.report._clustering import read_clustering
from sklearn_turtle.report._collect import collect_content
from sklearn_turtle.report._page import render_page


@validate_params(
    {
        "estimator": [HasMethods("predict"), "array-like"],
        "names": ["array-like", None],
        "n_representatives": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "selection": [NClustersSelection, None],
        "title": [str],
        "map_method": [StrOptions({"auto", "umap", "tsne", "pca"})],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def write_report(
    path: os.PathLike[str] | str,
    estimator: Any,
    X: Any,
    *,
    names: Sequence[str] | None = None,
    texts: Any = None,
    images: Any = None,
    n_representatives: int | str = "auto",
    selection: NClustersSelection | None = None,
    title: str = "Clusters",
    map_method: str = "auto",
    random_state: Any = None,
) -> None:
    """Write a report on a clustering to one HTML page.

    The page shows the name, the size and representative samples of each cluster, a map of the
    samples, and the confidence of the labels. If the estimator has them, it also shows the
    agreement and the losses of the restarts. The page is one file with all its images. It runs no
    script and loads nothing; markup in names and texts is shown as text.

    Parameters
    ----------
    path : str or path-like
        The file to write or replace, such as "report.html". It is written completely or not at
        all.
    estimator : estimator or array-like of shape (n_samples,)
        A fitted :class:`~sklearn_turtle.TurtleClustering`, another fitted clustering with
        ``predict``, or labels: integers or strings. Unless the estimator divides ``X`` into
        spaces, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    names : list of str or None, default=None
        Name of each cluster. None for names that
        :func:`~sklearn_turtle.exploration.name_clusters` makes from ``texts``; without texts,
        for the labels themselves, such as "cluster 3".
    texts : sequence of str of length n_samples, default=None
        Text of each sample. The page shows the beginning of the representatives' texts.
    images : sequence of str, Path, PIL image or ndarray of uint8, of length n_samples, default=None
        Image of each sample: a file, or pixels of shape (height, width) or (height, width, 3).
        Only the images of the representatives are read.
    n_representatives : int or "auto", default="auto"
        Number of samples shown per cluster: those closest to its mean. "auto" for 8, or fewer if
        there are more than 80 clusters, so that the page stays small.
    selection : NClustersSelection or None, default=None
        How the number of clusters was chosen: the result of
        :func:`~sklearn_turtle.model_selection.select_n_clusters`, to be shown on the page.
    title : str, default="Clusters"
        Title of the page.
    map_method : {"auto", "umap", "tsne", "pca"}, default="auto"
        Layout of the map, as for :class:`~sklearn_turtle.display.ClusterMapDisplay`.
    random_state : int, RandomState instance or None, default=None
        Determines the layout of the map. Pass an int for the same page in every call.

    Raises
    ------
    ImportError
        If matplotlib is missing: ``pip install "sklearn-turtle[plot]"``.
    OSError
        If the file cannot be written, or an image cannot be read.
    ValueError
        If the number of names is not the number of clusters, if the number of labels, texts or
        images is not the number of samples, or if ``X`` does not fit the estimator.

    See Also
    --------
    sklearn_turtle.display : The plots by themselves.
    sklearn_turtle.exploration.name_clusters : Makes names of clusters.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.report import write_report
    >>> digits = load_digits()
    >>> images = (digits.images * 15).astype(np.uint8)
    >>> turtle = TurtleClustering(n_clusters=10, n_init=4, random_state=0).fit(digits.data)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "report.html")
    ...     write_report(path, turtle, digits.data, images=images, map_method="pca")
    ...     path.read_text()[:15]
    '<!DOCTYPE html>'
    """
    content = collect_content(
        read_clustering(estimator, X, names, texts),
        texts=texts,
        images=images,
        n_representatives=n_representatives,
        selection=selection,
        title=title,
        map_method=map_method,
        random_state=random_state,
    )
    # Some texts hold half of a surrogate pair, which no encoding can represent.
    page = render_page(content).encode("utf-8", "replace")
    with replacing(path) as file:
        file.write(page)
