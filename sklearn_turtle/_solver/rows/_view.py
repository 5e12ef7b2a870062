"""What the restarts see of the data: rows along principal axes, averaged over their neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks, select, spread_rows
from sklearn_turtle._solver.rows._feature_space import Space
from sklearn_turtle._solver.rows._neighbors import averaged, nearest_neighbors
from sklearn_turtle._solver.rows._processes import Shard

# Averages are those of at most this many rows, or of as many per cluster if that is more.
AVERAGED_ROWS = 20_000
AVERAGED_ROWS_PER_CLUSTER = 50
# Averages are all alike if their mean L1 norm is below this share of that of the rows.
ALIKE = 1e-5


class AveragedSpace(Space):
    """Rows of a space that are averaged over their neighbors, as a space of their own.

    The averages are scaled to the mean L1 norm of the rows, which sets how far a step of the search
    goes.

    Parameters
    ----------
    features : tensor of shape (n_rows, n_features)
        Rows of the space.
    neighbors : tensor of shape (n_rows, n_neighbors), int64
        Neighbors of each of these rows.
    space : Space
        The space.
    """

    def __init__(self, features: torch.Tensor, neighbors: torch.Tensor, space: Space) -> None:
        averages = averaged(features, neighbors)
        averages -= averages.mean(0)
        norm, of_averages = (z.abs().sum(1).mean().item() for z in (features, averages))
        # averages that are all alike differ by rounding alone
        scale = norm / of_averages if of_averages > ALIKE * norm else 1.0
        self._averages = averages.mul_(scale).to(space.dtype)
        self.n_samples, self.n_features = averages.shape
        self.shard = Shard(self.n_samples)
        self.device, self.dtype = space.device, space.dtype
        self.waits = self.in_blocks = False
        # of rows that are their own averages
        self.projection = None if space.projection is None else scale * space.projection

    def prepare(self) -> None:
        """Do nothing: all rows are in memory already."""

    def _read(self, rows: torch.Tensor | slice | None) -> torch.Tensor:
        return select(self._averages, rows)


@dataclass(frozen=True)
class View:
    """What the restarts see of the data.

    Attributes
    ----------
    spaces : list of Space
        The rows that the restarts see.
    weights : list of float
        Weight of each space, with the sum 1.
    neighbors : tensor of shape (n_rows, n_neighbors), int64, or None
        Neighbors of each row; None if the rows are not averaged.
    indices : tensor of shape (n_rows,), int64, or None
        Indices of the rows among those of the data; None for all rows.
    """

    spaces: Sequence[Space]
    weights: Sequence[float]
    neighbors: torch.Tensor | None = None
    indices: torch.Tensor | None = None

    @classmethod
    def averaged(
        cls,
        spaces: Sequence[Space],
        weights: Sequence[float],
        indices: torch.Tensor,
        n_neighbors: int,
    ) -> View:
        """Some rows of projected spaces, averaged over their neighbors among these rows.

        Parameters
        ----------
        spaces : list of Space
            The spaces. In a fit over several processes, all of them get the same averages.
        weights : list of float
            Weight of each space, with the sum 1.
        indices : tensor of shape (n_rows,), int64
            Indices of the rows, in increasing order.
        n_neighbors : int
            Number of neighbors.
        """
        features = [gathered(space, indices) for space in spaces]
        neighbors = nearest_neighbors(features, min(n_neighbors, len(indices) - 1), weights)
        averages = [
            AveragedSpace(z, neighbors, space) for z, space in zip(features, spaces, strict=True)
        ]
        return cls(averages, weights, neighbors, indices)


def rows_to_average(
    n_samples: int, n_clusters: int, wanted: torch.Tensor | None = None
) -> torch.Tensor:
    """Indices of the rows that are averaged, evenly spread over the data.

    Parameters
    ----------
    n_samples : int
        Number of rows.
    n_clusters : int
        Number of clusters.
    wanted : tensor of int64 or None
        Indices of rows that come before others.

    Returns
    -------
    tensor of int64, in increasing order
    """
    n_rows = max(AVERAGED_ROWS, AVERAGED_ROWS_PER_CLUSTER * n_clusters)
    if wanted is None or n_samples <= n_rows:
        return spread_rows(n_samples, n_rows)
    wanted = wanted[spread_rows(len(wanted), n_rows)]
    others = spread_rows(n_samples, n_rows - len(wanted))
    indices: torch.Tensor = torch.cat([wanted, others]).unique()
    return indices


def gathered(space: Space, indices: torch.Tensor) -> torch.Tensor:
    """Some rows of a space, in all processes."""
    chunks = row_chunks(len(indices), space.n_features)
    return torch.cat([space.gathered(indices[of_chunk]) for of_chunk in chunks])
