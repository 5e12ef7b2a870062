"""Outliers among new samples, measured by what is usual among reference samples."""

from collections.abc import Iterator
from numbers import Real
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, OutlierMixin, _fit_context
from sklearn.utils._param_validation import HasMethods, Interval
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._input._clustered_rows import ClusteredRows, read_clustered_rows, read_spaces
from sklearn_turtle._input._device import available_device
from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._solver import row_chunks
from sklearn_turtle.exploration._shared_covariance import SharedCovariance


class OutlierDetector(OutlierMixin, BaseEstimator):
    """Score how usual samples are for the clusters of a fitted clustering.

    ``predict_proba`` says which cluster is the most likely, even far from all data. This score
    says whether a sample resembles any cluster: it is the share of reference samples, such as those
    of the fit, that are at least as far from the nearest cluster.

    Parameters
    ----------
    estimator : estimator
        A fitted :class:`~sklearn_turtle.TurtleClustering`, or another clustering with ``predict``.
        For one without spaces, a 2-D ``X`` is one space. It is not changed.
    contamination : float, default=0.01
        :meth:`predict` calls samples with a lower score outliers. It is about the share of outliers
        among samples that are like the reference samples.

    Attributes
    ----------
    scores_ : ndarray of shape (n_samples,), float64
        Score of each reference sample, measured from clusters without it. It compares with
        :meth:`score_samples` of new samples. The scores that :meth:`score_samples` gives the
        reference samples are too high, because the clusters have adapted to them.
    offset_ : float
        ``contamination``.
    n_features_in_ : int
        Number of features of all spaces together.

    See Also
    --------
    outlier_samples : The samples that are farthest from all clusters, without a fit.
    uncertain_samples : Samples that may belong to several clusters.

    Notes
    -----
    The distance of a sample from a cluster is the square root of ``mean_k m_k / d_k``, where
    ``m_k`` is the squared Mahalanobis distance from the mean of the cluster in space ``k``, and
    ``d_k`` is the number of features. All clusters share one covariance per space, which is shrunk
    as in :class:`sklearn.covariance.OAS`. The distance of a reference sample leaves the sample
    itself out of the mean and the covariance, so that it is not closer than a new sample.

    Fitting and scoring read the samples in chunks. A space of ``d`` features takes a few matrices
    of shape (d, d) of float64.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.exploration import OutlierDetector
    >>> X, y = make_blobs(300, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=4, random_state=0).fit(X)
    >>> detector = OutlierDetector(turtle).fit(X)
    >>> far = np.full((1, 20), 100.0)
    >>> bool(turtle.predict_proba(far).max() > 0.9), bool(detector.score_samples(far)[0] < 0.001)
    (True, True)
    """

    _parameter_constraints = {
        "estimator": [HasMethods("predict")],
        "contamination": [Interval(Real, 0, 1, closed="both")],
    }

    def __init__(self, estimator: Any, *, contamination: float = 0.01) -> None:
        self.estimator = estimator
        self.contamination = contamination

    # the estimator has been validated by its own fit
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> "OutlierDetector":
        """Learn what is usual from reference samples.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features of the reference samples, as for ``estimator.predict``: those of the fit, or
            others like them.
        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        self : OutlierDetector
            The fitted detector.

        Raises
        ------
        NotFittedError
            If the estimator is not fitted.
        ValueError
            If there are fewer than two samples, or ``X`` does not fit the estimator.
        """
        check_is_fitted(self.estimator)
        clustered = _without_empty_clusters(read_clustered_rows(self.estimator, X))
        n_samples = clustered.spaces.n_samples
        if n_samples < 2:
            raise ValueError(f"X has {n_samples} sample: pass at least 2 reference samples.")
        covariances = _covariances(clustered)
        sizes = clustered.sizes.astype(np.float64)
        distances = np.empty(n_samples)
        for rows, features, labels in clustered.chunks():
            squares = [
                covariance.squares_without_own(_precise(x), labels, sizes)
                for covariance, x in zip(covariances, features, strict=True)
            ]
            distances[rows] = _nearest(squares, clustered.spaces.widths)
        self._covariances = covariances
        self._distances = np.sort(distances)
        self.scores_ = self._n_farther(distances) / n_samples
        self.offset_ = self.contamination
        self.n_features_in_ = sum(clustered.spaces.widths)
        return self

    def score_samples(self, X: Any) -> np.ndarray:
        """Score new samples; higher is more usual.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for ``estimator.predict``. For the reference samples, use ``scores_``.

        Returns
        -------
        scores : ndarray of shape (n_samples,), float64
            Share of the reference samples, and of the sample itself, that are at least as far from
            the nearest cluster: between 0 and 1, and about uniform for samples that are like the
            reference samples. Beyond the farthest reference sample, the share falls as the inverse
            of the distance.

        Raises
        ------
        NotFittedError
            If the detector is not fitted.
        ValueError
            If ``X`` does not fit the estimator.
        """
        check_is_fitted(self)
        spaces = read_spaces(self.estimator, X)
        distances = np.empty(spaces.n_samples)
        for rows, features in self._chunks(spaces):
            squares = [
                covariance.squares(_precise(x))
                for covariance, x in zip(self._covariances, features, strict=True)
            ]
            distances[rows] = _nearest(squares, spaces.widths)
        farthest = self._distances[-1]
        shares = (1 + self._n_farther(distances)) / (1 + len(self._distances))
        beyond = distances > farthest
        shares[beyond] *= farthest / distances[beyond]
        return shares

    def decision_function(self, X: Any) -> np.ndarray:
        """Score new samples relative to the threshold: negative for outliers.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`score_samples`.

        Returns
        -------
        decisions : ndarray of shape (n_samples,), float64
            ``score_samples(X) - offset_``.
        """
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> np.ndarray:
        """Find outliers.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`score_samples`.

        Returns
        -------
        is_inlier : ndarray of shape (n_samples,), int
            -1 for outliers, 1 for all other samples.
        """
        return np.where(self.decision_function(X) < 0, -1, 1)

    def fit_predict(self, X: Any, y: Any = None) -> np.ndarray:
        """Fit to samples and find the outliers among them, by ``scores_``.

        Parameters
        ----------
        X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
                or array-like of shape (n_samples, n_features)
            Features, as for :meth:`fit`.
        y : Ignored
            Not used, present for API consistency.

        Returns
        -------
        is_inlier : ndarray of shape (n_samples,), int
            -1 for outliers, 1 for all other samples.
        """
        return np.where(self.fit(X).scores_ < self.offset_, -1, 1)

    def _n_farther(self, distances: np.ndarray) -> np.ndarray:
        """Number of reference samples that are at least as far."""
        n_closer: np.ndarray = np.searchsorted(self._distances, distances, side="left")
        return len(self._distances) - n_closer

    def _chunks(self, spaces: Spaces) -> Iterator[tuple[slice, list[torch.Tensor]]]:
        device = available_device(getattr(self.estimator, "device", "cpu"))
        _, read = row_reader(spaces, device)
        n_clusters = len(self._covariances[0].means)
        n_values = sum(spaces.widths) + len(spaces.names) * n_clusters
        for rows in row_chunks(spaces.n_samples, n_values):
            yield rows, [read(k, rows) for k in range(len(spaces.names))]


def _without_empty_clusters(clustered: ClusteredRows) -> ClusteredRows:
    present, labels = np.unique(clustered.labels, return_inverse=True)
    return ClusteredRows(clustered.spaces, labels, len(present), clustered.device)


def _covariances(clustered: ClusteredRows) -> list[SharedCovariance]:
    """Estimate the means and the covariance within clusters of each space."""
    means = clustered.means()
    scatters = [of_space.new_zeros(2 * of_space.shape[1:]) for of_space in means]
    for _, features, labels in clustered.chunks():
        for scatter, x, of_space in zip(scatters, features, means, strict=True):
            offsets = _precise(x) - of_space[labels]
            scatter += offsets.T @ offsets
    return [
        SharedCovariance.of(
            of_space.cpu().double().numpy(), clustered.sizes, scatter.cpu().double().numpy()
        )
        for of_space, scatter in zip(means, scatters, strict=True)
    ]


def _nearest(squares: list[torch.Tensor], widths: list[int]) -> np.ndarray:
    """Distance of each row from the nearest cluster, from those in each space."""
    of_spaces = [of_space / width for of_space, width in zip(squares, widths, strict=True)]
    nearest: np.ndarray = torch.stack(of_spaces).mean(0).amin(1).sqrt_().cpu().numpy()
    return nearest


def _precise(x: torch.Tensor) -> torch.Tensor:
    # MPS has no float64
    return x if x.device.type == "mps" else x.double()
