"""Clusterings whose clusters have been merged or split."""

import os
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._estimator._prediction_mixin import PredictionMixin
from sklearn_turtle._estimator._transform_mixin import TransformMixin
from sklearn_turtle._input._clustered_rows import n_clusters_of
from sklearn_turtle._linear._prediction import Labeling
from sklearn_turtle.exploration._edited_file import load_edited, save_edited
from sklearn_turtle.exploration._edited_labeling import EditedLabeling
from sklearn_turtle.exploration._edits import Edit


class EditedClustering(PredictionMixin, TransformMixin, ClusterMixin, BaseEstimator):
    """A fitted clustering with some clusters merged or split.

    :func:`merge_clusters` and :func:`split_cluster` return it. It predicts, is saved and can be
    edited again, but its clusters cannot be fitted: :func:`refit_from_labels` fits a linear
    labeling to its labels.

    Parameters
    ----------
    estimator : estimator
        The fitted clustering.
    edits : tuple, default=()
        The edits, in the order in which they are applied.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), int32
        Cluster of each sample that the clustering was fitted to, or of the samples of the last
        split. :meth:`fit` replaces them.
    n_clusters_ : int
        Number of clusters.
    n_clusters : int
        The same.
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
        """Set ``labels_`` to the clusters of samples; the clusters do not change.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`predict`.
        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : EditedClustering
            With the ``labels_`` of ``X``.

        Raises
        ------
        NotFittedError
            If the clustering is not fitted.
        ValueError
            If ``X`` does not fit the clustering.
        """
        self.labels_ = np.asarray(self.predict(X))
        return self

    def save(self, path: os.PathLike[str] | str) -> None:
        """Write the clustering and its edits to a file that holds no code.

        The file is written atomically: if that fails, an existing file does not change.

        Parameters
        ----------
        path : str or path-like
            The file; its name ends in ``.safetensors`` by convention.

        Raises
        ------
        ImportError
            If safetensors is not installed.
        NotFittedError
            If the clustering is not fitted.
        TypeError
            If the clustering, or that of a split, is not a TurtleClustering.
        OSError
            If the file cannot be written.

        See Also
        --------
        load : Read such a file.
        """
        check_is_fitted(self)
        save_edited(self.estimator, self.edits, getattr(self, "labels_", None), path)

    @classmethod
    def load(cls, path: os.PathLike[str] | str) -> "EditedClustering":
        """Read a clustering that :meth:`save` wrote, without running code.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        EditedClustering
            Predicts as the saved one.

        Raises
        ------
        ImportError
            If safetensors is not installed.
        OSError
            If the file cannot be opened.
        ValueError
            If the file is damaged, holds anything else, or comes from a later version of
            sklearn-turtle with another format.
        """
        estimator, edits, labels = load_edited(path)
        edited = cls(estimator, edits)
        if labels is not None:
            edited.labels_ = labels
        return edited

    @property
    def _labeling(self) -> Labeling:
        return EditedLabeling(self.estimator, self.edits)

    @property
    def n_clusters_(self) -> int:
        """Number of clusters, including empty ones."""
        before: int = n_clusters_of(self.estimator)
        return before + sum(edit.n_added for edit in self.edits)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return self.n_clusters_

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
