"""Clusterings whose clusters have been merged or split."""

from typing import Any, Protocol

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import n_clusters_of, read_spaces


class Edit(Protocol):
    """One change to the clusters of a clustering."""

    @property
    def n_added(self) -> int:
        """Change of the number of clusters; negative if clusters are merged."""

    def edited(self, probabilities: np.ndarray, named_spaces: dict[str, Any]) -> np.ndarray:
        """Compute the probabilities of the clusters after the edit.

        Parameters
        ----------
        probabilities : ndarray of shape (n_samples, n_clusters before)
            Probabilities of the clusters before the edit.
        named_spaces : dict of str to matrix
            Features of the samples, by the name of the space.

        Returns
        -------
        ndarray of shape (n_samples, n_clusters after)
        """


class EditedClustering(BaseEstimator):
    """A fitted clustering with some clusters merged or split.

    :func:`merge_clusters` and :func:`split_cluster` return it. It predicts and can be edited again,
    but it cannot be fitted: :func:`refit_from_labels` fits a linear labeling to its labels.

    Parameters
    ----------
    estimator : estimator
        The fitted clustering.
    edits : tuple, default=()
        The edits, in the order in which they are applied.

    Attributes
    ----------
    n_clusters : int
        Number of clusters.
    n_features_in_ : int
        Number of features of all spaces together.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features, if the clustering was fitted to names.
    space_names_ : list of str
        Name of each space.
    device : str or torch.device
        Device of the predictions.

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

    def __init__(self, estimator: Any, edits: tuple[Edit, ...] = ()) -> None:
        self.estimator = estimator
        self.edits = edits

    def fit(self, X: Any, y: Any = None) -> "EditedClustering":
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
            Unchanged.

        Raises
        ------
        NotFittedError
            If the clustering is not fitted.
        """
        check_is_fitted(self.estimator)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Compute the probability of each cluster for each sample.

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
        probabilities: np.ndarray = self.estimator.predict_proba(X)
        spaces = read_spaces(self.estimator, X)
        named_spaces = dict(zip(spaces.names, spaces.matrices, strict=True))
        for edit in self.edits:
            probabilities = edit.edited(probabilities, named_spaces)
        return probabilities

    def predict(self, X: Any) -> np.ndarray:
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
        labels: np.ndarray = self.predict_proba(X).argmax(1).astype(np.int32)
        return labels

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        before: int = n_clusters_of(self.estimator)
        return before + sum(edit.n_added for edit in self.edits)

    @property
    def n_features_in_(self) -> int:
        """Number of features of all spaces together."""
        n_features: int = self.estimator.n_features_in_
        return n_features

    @property
    def feature_names_in_(self) -> np.ndarray:
        """Names of the features, if the clustering was fitted to names."""
        names: np.ndarray = self.estimator.feature_names_in_
        return names

    @property
    def space_names_(self) -> list[str]:
        """Name of each space."""
        names: list[str] = self.estimator.space_names_
        return names

    @property
    def device(self) -> Any:
        """Device of the predictions."""
        return self.estimator.device

    @property
    def _space_columns(self) -> Any:
        return self.estimator._space_columns

    def __sklearn_is_fitted__(self) -> bool:
        check_is_fitted(self.estimator)
        return True


def base_of(estimator: Any) -> Any:
    """The clustering that was fitted, whether it has been edited or not."""
    return estimator.estimator if isinstance(estimator, EditedClustering) else estimator


def with_edit(estimator: Any, edit: Edit) -> EditedClustering:
    """The clustering with one more edit."""
    edits = estimator.edits if isinstance(estimator, EditedClustering) else ()
    return EditedClustering(base_of(estimator), (*edits, edit))
