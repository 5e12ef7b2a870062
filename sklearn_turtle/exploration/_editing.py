"""Clusterings whose clusters are merged and split by hand."""

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils._param_validation import HasMethods, Interval, validate_params
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import n_clusters_of, read_spaces


@dataclass(frozen=True)
class Merge:
    """Clusters that are made one.

    Attributes
    ----------
    numbers : ndarray of shape (n_clusters before,), int
        New number of each cluster.
    """

    numbers: np.ndarray

    @property
    def n_added(self):
        """By how many clusters there are more."""
        return int(self.numbers.max()) + 1 - len(self.numbers)

    def edited(self, probabilities, named_spaces):
        """Probabilities of the new clusters, (n_samples, n_clusters after)."""
        is_part = np.eye(self.numbers.max() + 1, dtype=probabilities.dtype)[self.numbers]
        return probabilities @ is_part


@dataclass(frozen=True)
class Split:
    """A cluster that is made several.

    Attributes
    ----------
    cluster : int
        The cluster.
    parts : estimator
        Fitted to the samples of the cluster alone.
    """

    cluster: int
    parts: Any

    @property
    def n_added(self):
        """By how many clusters there are more."""
        return self.parts.n_clusters - 1

    def edited(self, probabilities, named_spaces):
        """Probabilities of the new clusters, (n_samples, n_clusters after)."""
        of_parts = probabilities[:, [self.cluster]] * self.parts.predict_proba(named_spaces)
        edited = np.hstack([probabilities, of_parts[:, 1:]])
        edited[:, self.cluster] = of_parts[:, 0]
        return edited


class EditedClustering(BaseEstimator):
    """A fitted clustering, some clusters of which were merged or split.

    :func:`merge_clusters` and :func:`split_cluster` make it. It predicts, and may be edited again,
    but not fitted: :func:`refit_from_labels` makes a linear labeling of its labels.

    Parameters
    ----------
    estimator : estimator
        The fitted clustering.
    edits : tuple, default=()
        What was done to its clusters, one after the other.

    Attributes
    ----------
    n_clusters : int
        Number of clusters.
    n_features_in_ : int
        Number of features of all spaces together.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features, where the clustering was fitted to names.
    space_names_ : list of str
        Name of each space.
    device : str or torch.device
        Where predictions are made.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import merge_clusters, split_cluster
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=3, n_init=8, random_state=0).fit(X)
    >>> edited = split_cluster(turtle, X, 0)
    >>> edited.n_clusters, merge_clusters(edited, [0, 3]).n_clusters
    (4, 3)
    """

    def __init__(self, estimator, edits=()):
        self.estimator = estimator
        self.edits = edits

    def fit(self, X, y=None):
        """Do nothing: the clustering is fitted, and the numbers of its clusters must not change.

        Parameters
        ----------
        X : Ignored
            Not used, present for API consistency.
        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : EditedClustering
            As it was.

        Raises
        ------
        NotFittedError
            If the clustering is not fitted.
        """
        check_is_fitted(self.estimator)
        return self

    def predict_proba(self, X):
        """Probability of each cluster for each sample.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict_proba``.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters)
            Rows sum to 1.

        Raises
        ------
        ValueError
            If ``X`` does not fit the estimator.
        """
        probabilities = self.estimator.predict_proba(X)
        spaces = read_spaces(self.estimator, X)
        named_spaces = dict(zip(spaces.names, spaces.matrices, strict=True))
        for edit in self.edits:
            probabilities = edit.edited(probabilities, named_spaces)
        return probabilities

    def predict(self, X):
        """Assign each sample to a cluster.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict_proba``.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            The cluster of the highest probability.

        Raises
        ------
        ValueError
            If ``X`` does not fit the estimator.
        """
        return self.predict_proba(X).argmax(1).astype(np.int32)

    @property
    def n_clusters(self):
        """Number of clusters."""
        return n_clusters_of(self.estimator) + sum(edit.n_added for edit in self.edits)

    @property
    def n_features_in_(self):
        """Number of features of all spaces together."""
        return self.estimator.n_features_in_

    @property
    def feature_names_in_(self):
        """Names of the features, where the clustering was fitted to names."""
        return self.estimator.feature_names_in_

    @property
    def space_names_(self):
        """Name of each space."""
        return self.estimator.space_names_

    @property
    def device(self):
        """Where predictions are made."""
        return self.estimator.device

    @property
    def _space_columns(self):
        return self.estimator._space_columns

    def __sklearn_is_fitted__(self):
        check_is_fitted(self.estimator)
        return True


@validate_params(
    {"estimator": [HasMethods(["fit", "predict_proba"])]},
    prefer_skip_nested_validation=True,
)
def merge_clusters(estimator, *groups):
    """Make one cluster of several.

    The probability of the new cluster is the sum of those of its parts, exactly. That is no
    labeling of the form of Eq. 9 with fewer clusters, so that the result keeps the estimator and
    adds up what it predicts.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with
        ``predict_proba`` and ``n_clusters``. It is left as it is.
    *groups : array-like of int
        The clusters of each group become one. Groups do not overlap.

    Returns
    -------
    EditedClustering
        The new clusters have the places of the first of their parts; clusters that are in no group
        keep their order, so that their numbers fall where smaller ones have gone.

    Raises
    ------
    ValueError
        If the groups overlap, or hold anything but clusters of the estimator.
    NotFittedError
        If the estimator is not fitted.

    See Also
    --------
    split_cluster : The reverse.
    group_clusters : Groups of clusters that are close to each other.
    refit_from_labels : Makes a linear labeling of the merged labels.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import merge_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> merged = merge_clusters(turtle, [0, 2])
    >>> merged.predict_proba(X).shape
    (300, 3)
    """
    check_is_fitted(estimator)
    first = np.arange(n_clusters_of(estimator))
    seen: list[int] = []
    for group in groups:
        clusters = np.unique(group)
        if (
            np.ndim(group) != 1
            or clusters.dtype.kind not in "iu"
            or not np.isin(clusters, first).all()
        ):
            raise ValueError(
                f"Each group must be a list of clusters, of 0 to {len(first) - 1}; got {group!r}."
            )
        seen += clusters.tolist()
    if len(set(seen)) < len(seen):
        raise ValueError(f"Groups must not overlap, but {groups!r} do.")
    for group in groups:
        first[np.asarray(group)] = min(group)
    _, numbers = np.unique(first, return_inverse=True)
    return _edited(estimator, Merge(numbers))


@validate_params(
    {
        "estimator": [HasMethods(["fit", "predict_proba"])],
        "cluster": [Interval(Integral, 0, None, closed="left")],
        "n_clusters": [Interval(Integral, 2, None, closed="left")],
        "splitter": [HasMethods(["fit", "predict_proba"]), None],
    },
    prefer_skip_nested_validation=True,
)
def split_cluster(estimator, X, cluster, n_clusters=2, *, splitter=None):
    """Make several clusters of one.

    A clustering is fitted to the samples of that cluster alone. The probability of a new cluster
    is that of the old one, times what this clustering gives it; the probabilities of all other
    clusters stay as they are.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with
        ``predict_proba`` and ``n_clusters``. It is left as it is.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features, as for ``estimator.predict_proba``; those of the cluster are taken.
    cluster : int
        The cluster to split.
    n_clusters : int, default=2
        Number of clusters to make of it.
    splitter : estimator or None, default=None
        A clustering of spaces with ``predict_proba`` and the parameter ``n_clusters``, of which a
        clone is fitted to the samples of the cluster. None for a clone of ``estimator``, with the
        same parameters otherwise.

    Returns
    -------
    EditedClustering
        The first of the new clusters has the number of the old one; the others follow after all
        clusters that there were.

    Raises
    ------
    ValueError
        If the estimator has no such cluster, or if it has fewer than ``n_clusters`` samples in
        ``X``.
    NotFittedError
        If the estimator is not fitted.

    Warns
    -----
    UserWarning
        As the fit of the splitter does: where restarts hardly agree, the cluster has no such parts.

    See Also
    --------
    merge_clusters : The reverse.
    refit_from_labels : Makes a linear labeling of the labels.

    Notes
    -----
    ``predict`` gives the cluster of the highest probability. Samples that were uncertain may
    leave the cluster that is split, where its parts divide its probability.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import split_cluster
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=3, n_init=8, random_state=0).fit(X)
    >>> split = split_cluster(turtle, X, 0)
    >>> split.n_clusters, split.predict_proba(X).shape
    (4, (300, 4))
    """
    check_is_fitted(estimator)
    n_before = n_clusters_of(estimator)
    if cluster >= n_before:
        raise ValueError(f"cluster={cluster} must be one of the clusters, 0 to {n_before - 1}.")
    (rows,) = np.nonzero(estimator.predict(X) == cluster)
    if len(rows) < n_clusters:
        raise ValueError(
            f"Cluster {cluster} has {len(rows)} samples in X, too few to make {n_clusters} "
            "clusters of it."
        )
    spaces = read_spaces(estimator, X)
    if splitter is None:
        splitter = clone(base_of(estimator)).set_params(spaces=None)
    else:
        splitter = clone(splitter)
    splitter.set_params(n_clusters=n_clusters)
    parts = splitter.fit(
        {name: matrix[rows] for name, matrix in zip(spaces.names, spaces.matrices, strict=True)}
    )
    return _edited(estimator, Split(int(cluster), parts))


def base_of(estimator):
    """The clustering that was fitted, whether it was edited since or not."""
    return estimator.estimator if isinstance(estimator, EditedClustering) else estimator


def _edited(estimator, edit):
    edits = estimator.edits if isinstance(estimator, EditedClustering) else ()
    return EditedClustering(base_of(estimator), (*edits, edit))
