"""Searching in a smaller space: each space seen along its principal axes, randomly rotated.

Restarts need only find which samples belong together, and most of that lies along the axes of
largest variance. Every product of a step is cheaper there, and what was found maps back exactly: a
linear model of projected features is a linear model of the features. Adam's steps are
coordinate-wise and would take axes of tiny variance for as important as the first ones; after a
random rotation all coordinates have variances alike, and the result does not depend on the basis
that the features came in. Spaces that are small already are rotated for that reason.
"""

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks, spread_rows
from sklearn_turtle._solver.rows._feature_space import Space

# Principal axes are those of this many rows at most.
PRINCIPAL_ROWS = 20_000


class ProjectedSpace(Space):
    """Mini-batches of a space, projected on its rotated principal axes.

    It stands for the space itself wherever the solver reads mini-batches.

    Parameters
    ----------
    space : FeatureSpace
        The space.
    n_components : int
        Number of principal axes, not above the number of features.
    draws : Draws
        Source of the rotation.

    Attributes
    ----------
    projection : tensor of shape (n_features of the space, n_components), dtype of the space
        What a row of the space is multiplied with. The mean L1 norm of a row stays as it was.
    """

    def __init__(self, space, n_components, draws):
        self._space = space
        self.n_features = n_components
        self.n_samples, self.shard = space.n_samples, space.shard
        self.device, self.dtype, self.waits = space.device, space.dtype, space.waits
        self.in_blocks = space.in_blocks
        mean = self._mean_over_rows
        covariance = mean(lambda z: z.T @ z)
        if not torch.isfinite(covariance).all():
            raise ValueError(
                f"Features are too large for products in {self.dtype}: use scaling='l1'."
            )
        axes = torch.linalg.eigh(covariance).eigenvectors
        axes = axes[:, -n_components:] @ draws.rotation(n_components).to(axes)
        axes *= mean(lambda z: z.abs().sum()) / mean(lambda z: (z @ axes).abs().sum())
        # another kind of processor may find other axes for the same rows
        self.projection = self.shard.processes.broadcast_(axes.to(self.dtype).contiguous())

    def _mean_over_rows(self, of_chunk):
        """Mean over the principal rows of what ``of_chunk`` adds up over some of them."""
        # gathered rather than summed over the processes: an axis may change its sign where its
        # covariance was summed in another order, and the search would be another one
        chosen = spread_rows(self.shard.n_samples, PRINCIPAL_ROWS)
        total = 0
        for rows in row_chunks(len(chosen), self._space.n_features):
            total = total + of_chunk(self._space.gathered(chosen[rows]))
        return total / len(chosen)

    def _read(self, rows):
        return self._space.batch(rows) @ self.projection


def project(spaces, n_components, draws):
    """Project each space on at most ``n_components`` axes; None leaves them as they are.

    Returns
    -------
    list of FeatureSpace or ProjectedSpace
    """
    if n_components is None:
        return spaces
    return [ProjectedSpace(space, min(n_components, space.n_features), draws) for space in spaces]
