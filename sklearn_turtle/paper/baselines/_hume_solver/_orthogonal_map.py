"""The labeling: a linear map with orthonormal rows."""

import torch


class OrthogonalMap:
    """A matrix (C, d) with orthonormal rows (columns, where ``C > d``) that can be trained.

    It is ``B H(a)``, transposed where ``C < d``: ``B`` a fixed random orthogonal matrix, and ``H``
    the first columns of a product of Householder reflections, whose vectors ``a`` are free and
    start where ``H`` is the identity.

    torch.nn.utils.parametrizations.orthogonal does the same, as HUME's released code uses it,
    but draws ``B`` from torch's global generator.

    Parameters
    ----------
    base : tensor of shape (longer, longer)
        Orthogonal matrix, B; ``longer`` is the larger of ``n_clusters`` and ``n_features``.
    n_clusters, n_features : int
        Shape of the map.
    """

    def __init__(self, base, n_clusters, n_features):
        self._base = base
        self._transposed = n_clusters < n_features
        shorter = min(n_clusters, n_features)
        self.vectors = base.new_zeros(len(base), shorter).requires_grad_()

    def __call__(self):
        """The matrix, differentiable in ``vectors``."""
        # reflection i has the vector e_i + sum_{j > i} a_ji e_j and the factor tau = 2 / its norm^2
        below = self.vectors.tril(-1)
        tau = 2 / (1 + below.square().sum(0))
        # all vectors at zero reflect each axis to its opposite
        columns = self._base @ -torch.linalg.householder_product(below, tau)
        return columns.T if self._transposed else columns
