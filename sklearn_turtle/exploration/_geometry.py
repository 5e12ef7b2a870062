"""Means of the clusters in the spaces, and distances of samples from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from sklearn_turtle._input._clustered_rows import ClusteredRows, read_clustered_rows
from sklearn_turtle._input._torch_defaults import with_torch_defaults


@dataclass(frozen=True)
class ClusterGeometry:
    """Means of the clusters, and distances from them.

    The distance of a sample ``i`` from a cluster ``c`` with the means ``m_kc`` is the square root
    of ``mean_k |z_ik - m_kc|^2 / s_k``, where ``s_k`` is the mean over all samples of the squared
    distance from the mean of their own cluster in space ``k``, without rejected samples. All spaces
    have the same weight, and a distance of 1 is typical.

    Attributes
    ----------
    clustered : ClusteredRows
        The samples.
    means : list of tensor of shape (n_clusters, d_k)
        Means of the clusters in each space.
    scatters : list of float
        ``s_k`` of each space; 1 if all samples lie on the mean of their cluster.
    own_distances : ndarray of shape (n_samples,)
        Distance of each sample from its own cluster; NaN if it has none.
    """

    clustered: ClusteredRows
    means: list[torch.Tensor]
    scatters: list[float]
    own_distances: np.ndarray

    @classmethod
    @with_torch_defaults
    def of(cls, estimator: Any, X: Any) -> "ClusterGeometry":
        """Compute the geometry of samples; see :func:`read_clustered_rows`."""
        clustered = read_clustered_rows(estimator, X)
        means = clustered.means()
        squares = np.empty((len(means), clustered.spaces.n_samples))
        for rows, batches, labels in clustered.chunks():
            for k, z in enumerate(batches):
                offsets = z - means[k].to(z)[labels]
                squares[k, rows] = offsets.square_().sum(1).cpu().numpy()
        squares[:, clustered.labels < 0] = np.nan
        scatters = [float(np.nanmean(of_space)) or 1.0 for of_space in squares]
        own_distances = np.sqrt((squares / np.array(scatters)[:, None]).mean(0))
        return cls(clustered, means, scatters, own_distances)

    @with_torch_defaults
    def nearest_distances(self) -> np.ndarray:
        """Distance of each sample from the nearest cluster with samples, (n_samples,)."""
        sizes = torch.from_numpy(self.clustered.sizes).to(self.means[0])
        # cdist multiplies features, which loses precision far from zero
        centers = [sizes @ of_space / sizes.sum() for of_space in self.means]
        nearest = np.empty(self.clustered.spaces.n_samples)
        for rows, batches, _ in self.clustered.chunks():
            squares = torch.zeros((), device=self.clustered.device)
            for z, means, center, scatter in zip(
                batches, self.means, centers, self.scatters, strict=True
            ):
                distances = torch.cdist(z - center.to(z), (means - center)[sizes > 0].to(z))
                squares = squares + distances.square_() / scatter
            nearest[rows] = (squares / len(batches)).amin(1).sqrt_().cpu().numpy()
        return nearest
