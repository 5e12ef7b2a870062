"""Predictions of HUME by the votes of all seeds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from sklearn_turtle._input._rows import row_reader
from sklearn_turtle._input._spaces import Spaces
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle.paper.baselines._hume_solver import vote_shares


@dataclass(frozen=True)
class SeedVotes:
    """The votes of the maps of all seeds.

    Attributes
    ----------
    coef : ndarray of shape (n_seeds, n_clusters, n_features of the labeling space)
        The map of each seed, with matched clusters.
    labeling : int
        Position of the labeling space.
    device : torch.device
        Device of the computation.
    """

    coef: np.ndarray
    labeling: int
    device: torch.device

    def labels(self, spaces: Spaces) -> np.ndarray:
        """Cluster with the most votes for each row; in a tie, the lowest number.

        Parameters
        ----------
        spaces : Spaces
            Checked spaces.

        Returns
        -------
        ndarray of shape (n_samples,), int32
        """
        labels = np.empty(spaces.n_samples, dtype=np.int32)

        def write(rows: slice, shares: np.ndarray) -> None:
            labels[rows] = shares.argmax(1)

        self._count(spaces, write)
        return labels

    def shares(self, spaces: Spaces) -> np.ndarray:
        """Share of the votes of each cluster for each row.

        Parameters
        ----------
        spaces : Spaces
            Checked spaces.

        Returns
        -------
        ndarray of shape (n_samples, n_clusters), float32
        """
        shares = np.empty((spaces.n_samples, self.coef.shape[1]), dtype=np.float32)

        def write(rows: slice, of_rows: np.ndarray) -> None:
            shares[rows] = of_rows

        self._count(spaces, write)
        return shares

    @with_torch_defaults
    def _count(self, spaces: Spaces, write: Callable[[slice, np.ndarray], None]) -> None:
        dtype, read = row_reader(spaces, self.device)
        weights = torch.tensor(self.coef, dtype=dtype, device=self.device)
        vote_shares(weights, lambda rows: read(self.labeling, rows), spaces.n_samples, write)
