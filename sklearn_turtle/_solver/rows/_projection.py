"""Project each space onto its principal axes, randomly rotated.

The restarts only have to find which samples belong together, and most of that lies along the axes
of largest variance. Every product of a step is cheaper there, and the result maps back exactly: a
linear model of projected features is a linear model of the features.

Adam's steps are coordinate-wise, so that axes of tiny variance would count as much as the first
ones. After a random rotation all coordinates have similar variances, and the result does not depend
on the basis of the features. For this reason, spaces that are small already are rotated too.
"""

from collections.abc import Callable, Sequence

import torch

from sklearn_turtle._solver.rows._chunks import row_chunks, spread_rows
from sklearn_turtle._solver.rows._draws import Draws
from sklearn_turtle._solver.rows._feature_space import Space

# Principal axes are computed from at most this many rows.
PRINCIPAL_ROWS = 20_000
# Iterations of the search for the axes, and directions that it has beside them.
N_ITERATIONS = 4
N_SPARE = 32


class ProjectedSpace(Space):
    """Mini-batches of a space, projected onto its rotated principal axes.

    Parameters
    ----------
    space : Space
        The space.
    n_components : int
        Number of principal axes, at most the number of features.
    draws : Draws
        Source of the rotation.

    Attributes
    ----------
    projection : tensor of shape (n_features of the space, n_components), dtype of the space
        Rows of the space are multiplied by it. The mean L1 norm of a row stays the same.
    """

    projection: torch.Tensor

    def __init__(self, space: Space, n_components: int, draws: Draws) -> None:
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
        rotation = draws.rotation(n_components).to(covariance)
        axes = principal_axes(covariance, n_components) @ rotation
        axes *= mean(lambda z: z.abs().sum()) / mean(lambda z: (z @ axes).abs().sum())
        # another kind of processor may find other axes for the same rows
        self.projection = self.shard.processes.broadcast_(axes.to(self.dtype).contiguous())

    def _mean_over_rows(self, sum_of_chunk: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        # Rows are gathered instead of summing over the processes: an axis may change its sign if
        # its covariance is summed in another order, and the search would be another one.
        chosen = spread_rows(self.shard.n_samples, PRINCIPAL_ROWS)
        total = torch.zeros(())
        for rows in row_chunks(len(chosen), self._space.n_features):
            total = total + sum_of_chunk(self._space.gathered(chosen[rows]))
        return total / len(chosen)

    def _read(self, rows: torch.Tensor | slice | None) -> torch.Tensor:
        return self._space.batch(rows) @ self.projection


def principal_axes(covariance: torch.Tensor, n_components: int) -> torch.Tensor:
    """The first principal axes, (d, n_components), in any order.

    If they are few among many, they are found by subspace iteration (N. Halko, P. Martinsson,
    J. Tropp, "Finding Structure with Randomness", SIAM Review 2011), which is faster.
    """
    n_features = len(covariance)
    n_searched = n_components + N_SPARE
    if 2 * n_searched >= n_features:
        axes: torch.Tensor = torch.linalg.eigh(covariance).eigenvectors
        return axes[:, -n_components:]
    generator = torch.Generator().manual_seed(0)
    basis = torch.randn(n_features, n_searched, generator=generator).to(covariance)
    for _ in range(N_ITERATIONS):
        basis = torch.linalg.qr(covariance @ basis).Q
    axes = basis @ torch.linalg.eigh(basis.T @ covariance @ basis).eigenvectors
    return axes[:, -n_components:]


def project(spaces: Sequence[Space], n_components: int | None, draws: Draws) -> Sequence[Space]:
    """Project each space onto at most ``n_components`` axes; None leaves the spaces as they are."""
    if n_components is None:
        return spaces
    return [ProjectedSpace(space, min(n_components, space.n_features), draws) for space in spaces]
