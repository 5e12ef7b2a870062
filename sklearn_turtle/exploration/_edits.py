"""Changes to the clusters of a clustering."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Edit(Protocol):
    """One change to the clusters of a clustering."""

    @property
    def n_added(self) -> int:
        """Change of the number of clusters; negative if clusters are merged."""

    def edited(self, probabilities: np.ndarray, named_spaces: dict[str, np.ndarray]) -> np.ndarray:
        """Compute the probabilities of the clusters after the edit.

        Parameters
        ----------
        probabilities : ndarray of shape (n_samples, n_clusters before)
            Probabilities of the clusters before the edit.
        named_spaces : dict of str to ndarray of shape (n_samples, n_features of the space)
            Features of the samples, by the name of the space.

        Returns
        -------
        ndarray of shape (n_samples, n_clusters after)
        """


@dataclass(frozen=True)
class Merge:
    """The edit that makes one cluster of several.

    Attributes
    ----------
    numbers : ndarray of shape (n_clusters before,), int
        New number of each cluster.
    """

    numbers: np.ndarray

    @property
    def n_added(self) -> int:
        """Change of the number of clusters."""
        return int(self.numbers.max()) + 1 - len(self.numbers)

    def edited(self, probabilities: np.ndarray, named_spaces: dict[str, np.ndarray]) -> np.ndarray:
        """Compute the probabilities of the clusters after the edit."""
        is_part = np.eye(self.numbers.max() + 1, dtype=probabilities.dtype)[self.numbers]
        edited: np.ndarray = probabilities @ is_part
        return edited


@dataclass(frozen=True)
class Split:
    """The edit that makes several clusters of one.

    Attributes
    ----------
    cluster : int
        The cluster.
    parts : estimator
        A clustering of the samples of the cluster.
    """

    cluster: int
    parts: Any

    @property
    def n_added(self) -> int:
        """Change of the number of clusters."""
        n_parts: int = self.parts.n_clusters
        return n_parts - 1

    def edited(self, probabilities: np.ndarray, named_spaces: dict[str, np.ndarray]) -> np.ndarray:
        """Compute the probabilities of the clusters after the edit."""
        of_parts = probabilities[:, [self.cluster]] * self.parts.predict_proba(named_spaces)
        edited = np.hstack([probabilities, of_parts[:, 1:]])
        edited[:, self.cluster] = of_parts[:, 0]
        return edited
