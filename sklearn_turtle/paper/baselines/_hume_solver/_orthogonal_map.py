"""The labeling: a linear map with orthonormal rows."""

import torch


class OrthogonalMap:
    """A trainable matrix (C, d) with orthonormal rows, or orthonormal columns if ``C > d``.

    The matrix is ``B H(a)``, transposed if ``C < d``. ``B`` is a fixed random orthogonal matrix.
    ``H(a)`` consists of the first columns of a product of Householder reflections with the
    trainable vectors ``a``. Initially, ``H`` is the identity.

    torch.nn.utils.parametrizations.orthogonal, which HUME's released code uses, computes the same
    matrix, but draws ``B`` from the global generator of torch.

    Parameters
    ----------
    base : tensor of shape (longer, longer)
        Orthogonal matrix, B; ``longer`` is the larger of ``n_clusters`` and ``n_features``.
    n_clusters, n_features : int
        Shape of the matrix.

    Attributes
    ----------
    vectors : tensor of shape (longer, shorter)
        The trainable vectors, as columns.
    """

    def __init__(self, base: torch.Tensor, n_clusters: int, n_features: int) -> None:
        self._base = base
        self._transposed = n_clusters < n_features
        shorter = min(n_clusters, n_features)
        self.vectors = base.new_zeros(len(base), shorter).requires_grad_()

    def __call__(self) -> torch.Tensor:
        """Compute the matrix; it is differentiable in ``vectors``."""
        # Reflection i has the vector v = e_i + sum_{j > i} a_ji e_j and the factor tau = 2 / |v|^2.
        below = self.vectors.tril(-1)
        tau = 2 / (1 + below.square().sum(0))
        # If all vectors are zero, the reflections map each axis to its opposite.
        columns: torch.Tensor = self._base @ -torch.linalg.householder_product(below, tau)
        return columns.T if self._transposed else columns
