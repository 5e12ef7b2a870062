"""What the restarts see of the data: rows along principal axes, averaged over their neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks, select, spread_rows
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import FeatureSpace, Space
from sklearn_turtle._solver.rows._neighbors import averaged, nearest_neighbors
from sklearn_turtle._solver.rows._processes import Shard
from sklearn_turtle._solver.rows._projection import project

# Averages are those of at most this many rows, or of as many per cluster if that is more.
AVERAGED_ROWS = 20_000
AVERAGED_ROWS_PER_CLUSTER = 50


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
        scale = (features.abs().sum(1).mean() / averages.abs().sum(1).mean()).item()
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
    neighbors : tensor of shape (n_rows, n_neighbors), int64, or None
        Neighbors of each row; None if the rows are not averaged.
    indices : tensor of shape (n_rows,), int64, or None
        Indices of the rows among those of the data; None for all rows.
    """

    spaces: Sequence[Space]
    neighbors: torch.Tensor | None = None
    indices: torch.Tensor | None = None

    @classmethod
    def of(
        cls,
        spaces: Sequence[FeatureSpace],
        draws: Draws,
        *,
        n_components: int | None,
        n_neighbors: int,
        n_clusters: int,
        wanted: torch.Tensor | None = None,
    ) -> View:
        """The view of a fit.

        Parameters
        ----------
        spaces : list of FeatureSpace
            The data. In a fit over several processes, all of them get the same averages.
        draws : Draws
            Source of the rotations.
        n_components : int or None
            Number of rotated principal axes; None for the features themselves.
        n_neighbors : int
            Number of neighbors that a row is averaged with; 0 for all rows as they are.
        n_clusters : int
            Number of clusters.
        wanted : tensor of int64 or None
            Indices of rows to average before others.
        """
        projected = project(spaces, n_components, draws)
        if n_neighbors == 0:
            return cls(projected)
        n_samples = projected[0].shard.n_samples
        n_rows = averaged_rows(n_clusters)
        indices = spread_rows(n_samples, n_rows)
        if wanted is not None and n_samples > n_rows:
            wanted = wanted[spread_rows(len(wanted), n_rows)]
            indices = torch.cat([wanted, spread_rows(n_samples, n_rows - len(wanted))]).unique()
        return cls.of_rows(projected, indices, n_neighbors)

    @classmethod
    def of_rows(cls, spaces: Sequence[Space], indices: torch.Tensor, n_neighbors: int) -> View:
        """Some rows of projected spaces, averaged over their neighbors among these rows.

        Parameters
        ----------
        spaces : list of Space
            The spaces.
        indices : tensor of shape (n_rows,), int64
            Indices of the rows, in increasing order.
        n_neighbors : int
            Number of neighbors.
        """
        features = [_gathered(space, indices) for space in spaces]
        neighbors = nearest_neighbors(features, min(n_neighbors, len(indices) - 1))
        averages = [
            AveragedSpace(z, neighbors, space) for z, space in zip(features, spaces, strict=True)
        ]
        return cls(averages, neighbors, indices)


def averaged_rows(n_clusters: int) -> int:
    """Largest number of rows that are averaged."""
    return max(AVERAGED_ROWS, AVERAGED_ROWS_PER_CLUSTER * n_clusters)


def _gathered(space: Space, indices: torch.Tensor) -> torch.Tensor:
    chunks = row_chunks(len(indices), space.n_features)
    return torch.cat([space.gathered(indices[of_chunk]) for of_chunk in chunks])
