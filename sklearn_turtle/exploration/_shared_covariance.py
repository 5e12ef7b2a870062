"""Mahalanobis distances from clusters that share one covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.linalg import cholesky, solve_triangular

# Least share of the shrinkage target, so that the covariance of few or constant rows is invertible.
LEAST_SHRINKAGE = 1e-6


@dataclass(frozen=True)
class SharedCovariance:
    """Cluster means in one space, and a transform in which Euclidean distances are Mahalanobis'.

    Attributes
    ----------
    center : ndarray of shape (n_features,)
        Mean of all reference rows. It is subtracted first, for precision.
    whitening : ndarray of shape (n_features, n_features)
        Multiplies the centered rows.
    means : ndarray of shape (n_clusters, n_features)
        Whitened means of the clusters.
    removed : float
        Weight of one row in the whitened covariance.
    """

    center: np.ndarray
    whitening: np.ndarray
    means: np.ndarray
    removed: float

    @classmethod
    def of(cls, means: np.ndarray, sizes: np.ndarray, scatter: np.ndarray) -> SharedCovariance:
        """Estimate the covariance within the clusters of a space.

        Parameters
        ----------
        means : ndarray of shape (n_clusters, n_features)
            Means of the clusters.
        sizes : ndarray of shape (n_clusters,)
            Number of rows of each cluster.
        scatter : ndarray of shape (n_features, n_features)
            Sum of the outer products of the offsets of all rows from the means of their clusters.

        Returns
        -------
        SharedCovariance
        """
        n_samples, n_features = sizes.sum(), len(scatter)
        covariance = scatter / n_samples
        variance = np.trace(covariance) / n_features or 1.0
        shrinkage = _shrinkage(covariance, n_samples)
        shrunk = (1 - shrinkage) * covariance + shrinkage * variance * np.eye(n_features)
        root = cholesky(shrunk, lower=True)
        whitening = solve_triangular(root, np.eye(n_features), lower=True).T
        center = sizes @ means / n_samples
        removed = (1 - shrinkage) / n_samples
        return cls(center, whitening, (means - center) @ whitening, removed)

    def squares(self, x: torch.Tensor) -> torch.Tensor:
        """Squared distances of rows from all clusters, (n_rows, n_clusters)."""
        return torch.cdist(self._whiten(x), self._on(self.means, x)).square_()

    def squares_without_own(
        self, x: torch.Tensor, labels: torch.Tensor, sizes: np.ndarray
    ) -> torch.Tensor:
        """As :meth:`squares` for reference rows, each without its own part in the estimates.

        Removing a row ``x`` of a cluster of ``n`` rows with the mean ``m`` scales its offset from
        that mean by ``n / (n - 1)`` and takes ``n / (n - 1)`` times the outer product of ``x - m``
        from the scatter. The formula of Sherman and Morrison inverts the result.
        """
        z, means = self._whiten(x), self._on(self.means, x)
        n = self._on(sizes, x)[labels]
        grown = n / (n - 1)  # infinite for the only row of a cluster, which has no other mean
        offsets = z - means[labels]
        squares = torch.cdist(z, means).square_()
        products = (z * offsets).sum(1, keepdim=True) - offsets @ means.T
        lengths = offsets.square().sum(1)
        own = torch.arange(len(z), device=z.device), labels
        squares[own] = lengths * grown.square()
        products[own] = lengths * grown
        removed = self.removed * grown.nan_to_num(posinf=0)
        left = (1 - removed * lengths).clamp_min(torch.finfo(z.dtype).eps)
        squares += (removed / left)[:, None] * products.nan_to_num().square()
        squares[own[0][n == 1], labels[n == 1]] = torch.inf
        return squares

    def _whiten(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self._on(self.center, x)) @ self._on(self.whitening, x)

    @staticmethod
    def _on(array: np.ndarray, x: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(array).to(x)


def _shrinkage(covariance: np.ndarray, n_samples: int) -> float:
    """Share of the shrinkage target: the oracle approximating shrinkage of Chen et al., 2010."""
    n_features = len(covariance)
    of_square, square_of = float(np.square(covariance).sum()), float(np.trace(covariance) ** 2)
    spread = (n_samples + 1) * (of_square - square_of / n_features)
    if spread <= 0:  # all directions are alike, as in one dimension
        return LEAST_SHRINKAGE
    return float(np.clip((of_square + square_of) / spread, LEAST_SHRINKAGE, 1))
