"""The methods that apply a fitted labeling to samples."""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle import metrics
from sklearn_turtle._input._clustered_rows import read_spaces
from sklearn_turtle._input._device import available_device
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._on_dask import lazy_labels, lazy_probabilities
from sklearn_turtle._linear._prediction import Labeling


class PredictionMixin:
    """Predicts with the fitted attributes of an estimator."""

    intercept_: list[np.ndarray]

    @property
    def _labeling(self) -> Labeling:
        return FittedLinearModel.of(self)

    @property
    def n_clusters_(self) -> int:
        """Number of clusters, including empty ones."""
        return len(self.intercept_[0])

    def predict(self, X: Any, *, reject_below: float | None = None) -> Any:
        """Assign each sample to a cluster.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as a collection or stacked.

        reject_below : float or None, default=None
            Samples whose largest probability is below this get the label -1; None to assign all
            samples.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            The most likely cluster, or -1. If all spaces are Dask arrays, a Dask array, which is
            computed on demand.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features differ from those of ``fit``, if they hold
            NaN, infinity or values too large for products with the coefficients, or if
            ``reject_below`` is not between 0 and 1.
        """
        check_is_fitted(self)
        return lazy_labels(self._labeling, read_spaces(self, X), reject_below=reject_below)

    def predict_proba(self, X: Any) -> Any:
        """Probability of each cluster for each sample (Eq. 9, calibrated).

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as a collection or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters)
            Rows sum to 1. The dtype is float64 if a space has 64-bit numbers, otherwise float32. If
            all spaces are Dask arrays, a Dask array, which is computed on demand.

        Raises
        ------
        ValueError
            As :meth:`predict`.
        """
        check_is_fitted(self)
        return lazy_probabilities(self._labeling, read_spaces(self, X))

    def score(self, X: Any, y: Any = None) -> float:
        """Generalization score: how well linear classifiers predict the labels of held-out rows.

        No true labels are used. The score is the accuracy, cross-validated over 10 folds, of a
        logistic regression that predicts the labels that this estimator gives ``X``, averaged over
        the spaces. Spaces that are read when they are needed are loaded into memory one at a time.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces of ``fit``, as a collection or stacked.

        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        float
            Between 0 and 1; higher is better.

        Raises
        ------
        ValueError
            As :meth:`predict`; or if there are fewer than two rows.
        """
        check_is_fitted(self)
        spaces, labeling = read_spaces(self, X), self._labeling
        labels = np.asarray(lazy_labels(labeling, spaces))
        score: float = metrics.generalization_score(
            labels, spaces.matrices, device=available_device(labeling.device)
        )
        return score
