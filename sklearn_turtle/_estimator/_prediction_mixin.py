"""The methods by which a fitted labeling applies to samples."""

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle import metrics
from sklearn_turtle._input._device import available_device
from sklearn_turtle._input._read import read_predict_input
from sklearn_turtle._linear._to_file import labels_of, probabilities_of


class PredictionMixin:
    """Predicts with the fitted attributes of an estimator."""

    device: str | torch.device
    intercept_: list[np.ndarray]

    @property
    def n_clusters_(self):
        """Number of clusters, some of which may be empty."""
        return len(self.intercept_[0])

    def predict(self, X, *, reject_below=None):
        """Assign each sample to a cluster.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        reject_below : float or None, default=None
            Samples of which no cluster has at least this probability are labeled -1; None to
            assign all samples.

        Returns
        -------
        labels : ndarray of shape (n_samples,), int32
            The cluster of the highest probability, or -1. Where all spaces are Dask arrays, a
            Dask array, which is computed when it is asked for.

        Raises
        ------
        ValueError
            If the spaces or their numbers of features are not those that ``fit`` saw, if they
            hold NaN, infinity or values that are too large for products with the coefficients,
            or if ``reject_below`` is not between 0 and 1.
        """
        check_is_fitted(self)
        return labels_of(self, read_predict_input(self, X), reject_below=reject_below)

    def predict_proba(self, X):
        """Probability of each cluster for each sample (Eq. 9, calibrated).

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_clusters)
            Rows sum to 1; float64 where a space is of 64-bit numbers, else float32. Where all
            spaces are Dask arrays, a Dask array, which is computed when it is asked for.

        Raises
        ------
        ValueError
            As :meth:`predict`.
        """
        check_is_fitted(self)
        return probabilities_of(self, read_predict_input(self, X))

    def score(self, X, y=None):
        """Generalization score: how well linear classifiers predict the labels of held-out rows.

        No true labels are used: the score is the accuracy, cross-validated over 10 folds, of
        logistic regression that predicts the labels that this estimator gives ``X``, averaged
        over the spaces. Spaces that are read as needed are held in memory, one at a time.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features in the spaces that ``fit`` saw, apart or stacked.

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
        spaces = read_predict_input(self, X)
        labels = np.asarray(labels_of(self, spaces))
        return metrics.generalization_score(
            labels, spaces.matrices, device=available_device(self.device)
        )
