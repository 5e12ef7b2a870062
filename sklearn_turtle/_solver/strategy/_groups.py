"""How many restarts share each matrix product, and how much memory prepared rows may take."""

import math
from collections.abc import Sequence

import torch

from sklearn_turtle._solver.loop._settings import Settings
from sklearn_turtle._solver.rows._feature_space import Space

# Restarts are cheapest if they share every product. On large problems a single restart keeps the
# processor busy, and more of them would only take memory.
GROUP_VALUES = 1 << 22

# Memory for the rows that the search draws, if they are prepared, together with the tensors of a
# step. Rows of larger spaces are computed when they are drawn.
HELD_BYTES = 256 * 2**20
# On a GPU, the share of its free memory that they may take.
HELD_SHARE_OF_GPU = 0.3


def n_groups(search: Settings) -> int:
    """Number of groups of restarts, which are trained one after the other.

    The restarts of a group are trained side by side. Groups are as large as possible with the
    largest tensors of a step within GROUP_VALUES.
    """
    in_a_group = max(1, GROUP_VALUES // (search.batch_size * search.n_clusters))
    return math.ceil(search.n_restarts / in_a_group)


def pack_size(search: Settings) -> int:
    """Largest number of strategies that are trained side by side."""
    return max(1, GROUP_VALUES // (search.batch_size * search.n_clusters * search.n_restarts))


def held_bytes(search: Settings, spaces: Sequence[Space]) -> float:
    """Memory that prepared rows may take."""
    device = spaces[0].device
    if device.type == "cuda":
        free: int = torch.cuda.mem_get_info(device)[0]
        return HELD_SHARE_OF_GPU * free
    # labels and log-probabilities of a mini-batch: one tensor per space, and three more
    n_values = max(GROUP_VALUES, search.batch_size * search.n_clusters)
    return HELD_BYTES - (len(spaces) + 3) * n_values * search.dtype.itemsize
