"""Searching in a smaller space: each space seen along its principal axes, randomly rotated.

Restarts need only find which samples belong together, and most of that lies along the axes of
largest variance. Every product of a step is cheaper there, and what was found maps back exactly: a
linear model of projected features is a linear model of the features. Adam's steps are
coordinate-wise and would take axes of tiny variance for as important as the first ones; after a
random rotation all coordinates have variances alike, and the result does not depend on the basis
that the features came in. Spaces that are small already are rotated for that reason.
"""

import torch

from sklearn_turtle._solver._bilevel import Observer
from sklearn_turtle._solver._features import select, spread_rows
from sklearn_turtle._solver._labelling import LinearModel

# Principal axes are those of this many rows at most.
PRINCIPAL_ROWS = 20_000


class ProjectedSpace:
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
        self.n_samples = space.n_samples
        self.device, self.dtype, self.streamed = space.device, space.dtype, space.streamed
        rows = self._principal_rows()
        covariance = rows.T @ rows / len(rows)
        if not torch.isfinite(covariance).all():
            raise ValueError(
                f"Features are too large for products in {self.dtype}: use scaling='l1'."
            )
        axes = torch.linalg.eigh(covariance).eigenvectors
        axes = axes[:, -n_components:] @ draws.rotation(n_components).to(axes)
        projected = rows @ axes.to(rows)
        axes *= (rows.abs().sum(1).mean() / projected.abs().sum(1).mean()).to(axes)
        self.projection = axes.to(self.dtype)
        self._prepared = None
        if space.is_prepared:
            self._prepared = space.batch() @ self.projection

    def _principal_rows(self):
        rows = self._space.batch(spread_rows(self.n_samples, PRINCIPAL_ROWS))
        return rows.float() if rows.dtype == torch.bfloat16 else rows

    def batch(self, rows=None):
        """Projected rows: a tensor of indices, a slice, or None for all; not to be changed."""
        if self._prepared is None:
            return self._space.batch(rows) @ self.projection
        return select(self._prepared, rows)


def project(spaces, n_components, draws):
    """Project each space on at most ``n_components`` axes; None leaves them as they are.

    Returns
    -------
    list of FeatureSpace or ProjectedSpace
    """
    if n_components is None:
        return spaces
    return [ProjectedSpace(space, min(n_components, space.n_features), draws) for space in spaces]


def unproject(model, spaces):
    """The same labelling as a LinearModel of the features that were not projected."""
    weights = [
        space.projection.to(weight) @ weight if isinstance(space, ProjectedSpace) else weight
        for space, weight in zip(spaces, model.weights, strict=True)
    ]
    return LinearModel(weights, model.biases, model.n_clusters)


class UnprojectingObserver(Observer):
    """Tells another observer of a search in terms of the features themselves."""

    def __init__(self, observer, spaces):
        self._observer = Observer() if observer is None else observer
        self._spaces = spaces

    def begin_step(self):
        self._observer.begin_step()

    def end_step(self, step, losses, model):
        return self._observer.end_step(step, losses, lambda: unproject(model(), self._spaces))
