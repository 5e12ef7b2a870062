"""How many restarts share each matrix product, and how much memory that takes."""

import math

import torch

# Restarts that share every product are trained at the least cost; of large problems a single
# restart is work enough, and several would only take memory.
GROUP_VALUES = 1 << 22


# What the rows that the search draws may take where they are prepared, together with the tensors
# of a step; rows of larger spaces are computed as they are drawn.
HELD_BYTES = 256 * 2**20


# A GPU has memory of its own: the share of what is free that they may take there.
HELD_SHARE_OF_GPU = 0.3


def _n_groups(search):
    """Number of groups in which the restarts are trained, one after the other.

    As many are trained side by side as keep the largest tensors of a step within GROUP_VALUES.
    """
    in_a_group = max(1, GROUP_VALUES // (search.batch_size * search.n_clusters))
    return math.ceil(search.n_restarts / in_a_group)


def _held_bytes(search, spaces):
    """What the rows that the search draws may take where they are prepared."""
    device = spaces[0].device
    if device.type == "cuda":
        return HELD_SHARE_OF_GPU * torch.cuda.mem_get_info(device)[0]
    # labels and log-probabilities of a mini-batch: one tensor a space, and three
    n_values = max(GROUP_VALUES, search.batch_size * search.n_clusters)
    return HELD_BYTES - (len(spaces) + 3) * n_values * search.dtype.itemsize


def _pack_size(search):
    """Number of strategies that are trained side by side, at most."""
    if search.tol > 0:  # restarts that are trained side by side stop together
        return 1
    return max(1, GROUP_VALUES // (search.batch_size * search.n_clusters * search.n_restarts))
