"""write_report."""

from numbers import Integral

from sklearn.utils._param_validation import HasMethods, Interval, StrOptions, validate_params

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle.model_selection import NClustersSelection
from sklearn_turtle.report._clustering import read_clustering
from sklearn_turtle.report._content import content_of
from sklearn_turtle.report._page import page_of


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
    path,
    estimator,
    X,
    *,
    names=None,
    texts=None,
    images=None,
    n_representatives="auto",
    selection=None,
    title="Clusters",
    map_method="auto",
    random_state=None,
):
    """Write one HTML page that shows a clustering.

    The page shows the name, the size and representative samples of each cluster, a map of the
    samples, how confident the labels are, and, where the estimator knows, how far its restarts
    agree and how their losses fell. It is one file, which holds all its pictures, runs no script
    and asks no network for anything; what names and texts contain is shown and does nothing.

    Parameters
    ----------
    path : str or path-like
        The file to write or to replace, such as "report.html". It is there in full or not at all.
    estimator : estimator or array-like of shape (n_samples,)
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        Where it does not tell spaces apart, a 2-D ``X`` is one space. Or labels, integers or
        strings.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    names : list of str or None, default=None
        Name of each cluster. None for those that
        :func:`~sklearn_turtle.exploration.name_clusters` makes of ``texts``; or where there are
        none, for the labels themselves, such as "cluster 3".
    texts : sequence of str of length n_samples, default=None
        Text of each sample, of which the page shows the beginning for the representatives.
    images : sequence of str, Path, PIL image or ndarray of uint8, of length n_samples, default=None
        Image of each sample: a file, or pixels of shape (height, width) or (height, width, 3).
        Those of the representatives are read, and no others.
    n_representatives : int or "auto", default="auto"
        Number of samples that are shown of each cluster: those closest to its mean. "auto" for
        8, or less where there are more than 80 clusters, so that the page stays small.
    selection : NClustersSelection or None, default=None
        How the number of clusters was chosen, as
        :func:`~sklearn_turtle.model_selection.select_n_clusters` tells; it is shown where given.
    title : str, default="Clusters"
        What the page is called.
    map_method : {"auto", "umap", "tsne", "pca"}, default="auto"
        What lays out the map, as for :class:`~sklearn_turtle.display.ClusterMapDisplay`.
    random_state : int, RandomState instance or None, default=None
        Determines the layout of the map. Pass an int for the same page in every call.

    Raises
    ------
    ImportError
        If matplotlib is missing: ``pip install "sklearn-turtle[plot]"``.
    OSError
        If the file cannot be written, or an image cannot be read.
    ValueError
        If there is not a name for each cluster, or a label, text or image for each sample; or if
        ``X`` does not fit the estimator.

    See Also
    --------
    sklearn_turtle.display : The pictures by themselves.
    sklearn_turtle.exploration.name_clusters : Makes names.

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
    >>> turtle = TurtleClustering(n_clusters=10, n_init=8, random_state=0).fit(digits.data)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "report.html")
    ...     write_report(path, turtle, digits.data, images=images, map_method="pca")
    ...     path.read_text()[:15]
    '<!DOCTYPE html>'
    """
    content = content_of(
        read_clustering(estimator, X, names, texts),
        texts=texts,
        images=images,
        n_representatives=n_representatives,
        selection=selection,
        title=title,
        map_method=map_method,
        random_state=random_state,
    )
    # half a surrogate pair, which some texts have, is in no encoding
    page = page_of(content).encode("utf-8", "replace")
    with replacing(path) as file:
        file.write(page)
