"""Which clusters are close to each other."""

import numpy as np
from scipy.cluster.hierarchy import linkage
from sklearn.utils._param_validation import HasMethods, StrOptions, validate_params

from sklearn_turtle.exploration._geometry import ClusterGeometry


@validate_params(
    {
        "estimator": [HasMethods("predict")],
        "method": [StrOptions({"average", "complete", "single", "ward", "weighted"})],
    },
    prefer_skip_nested_validation=True,
)
def cluster_linkage(estimator, X, method="average"):
    """Join clusters that are close to each other, two by two, until one is left.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        Where it does not tell spaces apart, a 2-D ``X`` is one space.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict``.
    method : {"average", "complete", "single", "ward", "weighted"}, default="average"
        How the distance of joined clusters follows from those of their parts, as for
        :func:`scipy.cluster.hierarchy.linkage`.

    Returns
    -------
    joins : ndarray of shape (n_clusters - 1, 4)
        The linkage matrix that the functions of ``scipy.cluster.hierarchy`` take. Its leaves are
        the clusters that have samples in ``X``, in the order of their numbers.

    Raises
    ------
    ValueError
        If fewer than two clusters have samples, or ``X`` does not fit the estimator.

    See Also
    --------
    merge_clusters : Merge clusters that are close to each other.
    sklearn_turtle.display.ClusterHierarchyDisplay : Draws it.

    Notes
    -----
    The distance of two clusters is the root of the mean over the spaces of the squared Euclidean
    distance of their means, in each space divided by the mean squared distance of all samples from
    the mean of their own cluster: clusters at a distance of 1 are as far from each other as a
    sample is from its cluster.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import cluster_linkage
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> cluster_linkage(turtle, X).shape
    (3, 4)
    """
    return linkage_of(ClusterGeometry.of(estimator, X), method)


def linkage_of(geometry, method):
    """As :func:`cluster_linkage`, of a ClusterGeometry."""
    present = geometry.rows.sizes > 0
    if present.sum() < 2:
        raise ValueError("A hierarchy needs samples of at least 2 clusters; X has those of 1.")
    n_spaces = len(geometry.means)
    # side by side and scaled, so that Euclidean distances are those of the notes
    scaled = [
        means.cpu().numpy()[present] / np.sqrt(n_spaces * scatter)
        for means, scatter in zip(geometry.means, geometry.scatters, strict=True)
    ]
    return linkage(np.hstack(scaled), method)
