"""How the solver finds a labeling."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sklearn_turtle._solver.loop._settings import Settings


@dataclass(frozen=True)
class Strategy:
    """A search for labelings, and the polish of the merged one.

    Attributes
    ----------
    search : Settings
        Settings of the restarts.
    polish_iter : int
        Number of outer steps of the polish; 0 for no polish.
    sizes_known : bool
        True if the labeling keeps the prior of the search; False if cluster sizes follow the data.
    n_components : int or None
        Number of rotated principal axes that the restarts see; None for the features themselves.
    n_neighbors : int
        Number of neighbors that a row is averaged with; 0 for the rows as they are.
    space_weights : list of float or None
        Weight of each space; None to find them. Without neighbors, all spaces count alike.
    """

    search: Settings
    polish_iter: int
    sizes_known: bool
    n_components: int | None
    n_neighbors: int
    space_weights: Sequence[float] | None = None

    @property
    def known_log_prior(self) -> torch.Tensor | None:
        """Log proportions of the clusters, if the sizes are known."""
        if not self.sizes_known:
            return None
        if self.search.log_prior is not None:
            return self.search.log_prior
        n_clusters = self.search.n_clusters
        return torch.full((n_clusters,), -math.log(n_clusters))
