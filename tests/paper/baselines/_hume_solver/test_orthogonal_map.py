"""The map has orthonormal rows for any values of its trainable vectors."""

import pytest
import torch
from torch import nn

from sklearn_turtle.paper.baselines._hume_solver._orthogonal_map import OrthogonalMap

SHAPES = [(3, 7), (7, 3), (4, 4), (1, 5), (1, 1)]


def random_map(n_clusters, n_features, seed=0):
    generator = torch.Generator().manual_seed(seed)
    longer = max(n_clusters, n_features)
    normal = torch.randn(longer, longer, dtype=torch.float64, generator=generator)
    orthogonal_map = OrthogonalMap(torch.linalg.qr(normal).Q, n_clusters, n_features)
    with torch.no_grad():
        orthogonal_map.vectors.normal_(generator=generator)
    return orthogonal_map


@pytest.mark.parametrize(("n_clusters", "n_features"), SHAPES)
def test_rows_are_orthonormal(n_clusters, n_features):
    matrix = random_map(n_clusters, n_features)()
    assert matrix.shape == (n_clusters, n_features)
    products = matrix @ matrix.T if n_clusters <= n_features else matrix.T @ matrix
    torch.testing.assert_close(products, torch.eye(len(products), dtype=torch.float64))


@pytest.mark.parametrize(("n_clusters", "n_features"), SHAPES)
def test_starts_at_the_base(n_clusters, n_features):
    base = torch.linalg.qr(torch.arange(49.0).view(7, 7) + torch.eye(7)).Q
    longer = max(n_clusters, n_features)
    base = base[:longer, :longer]
    matrix = OrthogonalMap(base, n_clusters, n_features)()
    expected = base[:, :n_clusters].T if n_clusters < n_features else base[:, :n_features]
    torch.testing.assert_close(matrix, expected)


@pytest.mark.parametrize(("n_clusters", "n_features"), SHAPES)
def test_same_as_the_parametrization_of_torch(n_clusters, n_features):
    ours = random_map(n_clusters, n_features)
    layer = nn.Linear(n_features, n_clusters, bias=False, dtype=torch.float64)
    nn.utils.parametrizations.orthogonal(layer, orthogonal_map="householder")
    parametrization = layer.parametrizations.weight
    parametrization[0].base = ours._base
    with torch.no_grad():
        vectors = parametrization.original.T if ours._transposed else parametrization.original
        vectors += ours.vectors.tril(-1)
    torch.testing.assert_close(ours(), layer.weight)


def test_derivative():
    orthogonal_map = random_map(3, 5)

    def matrix(vectors):
        orthogonal_map.vectors = vectors
        return orthogonal_map()

    assert torch.autograd.gradcheck(matrix, orthogonal_map.vectors)
