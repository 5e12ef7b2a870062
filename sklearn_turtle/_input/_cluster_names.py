"""Names of clusters."""

from collections.abc import Sequence
from typing import Any


def names_of_clusters(names: Sequence[Any] | None, n_clusters: int) -> list[str]:
    """Check the names of all clusters; the default is their numbers.

    Parameters
    ----------
    names : sequence or None
        Name of each cluster, as passed by the user.
    n_clusters : int
        Number of clusters.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there is not exactly one name per cluster.
    """
    if names is None:
        return [str(cluster) for cluster in range(n_clusters)]
    if len(names) != n_clusters:
        raise ValueError(f"names has {len(names)} entries, but there are {n_clusters} clusters.")
    return [str(name) for name in names]
