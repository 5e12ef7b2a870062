import numpy as np
import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle._solver.rows._projection import ProjectedSpace, principal_axes, project


@pytest.fixture
def space():
    """Features whose deviation falls by half from one axis of a random basis to the next."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(12, 12)))[0]
    x = rng.normal(size=(500, 12)) * 0.5 ** np.arange(12) @ basis
    return FeatureSpace(torch.from_numpy(x - x.mean(0)).float())


def test_the_axes_of_largest_variance_are_kept(space):
    projected = ProjectedSpace(space, 3, Draws(0))
    singular_values = torch.linalg.svdvals(space.batch())
    of_projected = torch.linalg.svdvals(projected.batch())
    ratio = of_projected / singular_values[:3]
    torch.testing.assert_close(ratio, ratio[0].expand(3), rtol=1e-4, atol=0)


@pytest.mark.parametrize("decay", [0.5, 0.98], ids=["steep", "flat"])
def test_few_axes_among_many_have_nearly_the_largest_variance(decay):
    n_features, n_components = 200, 10
    generator = torch.Generator().manual_seed(0)
    basis = torch.linalg.qr(torch.randn(n_features, n_features, generator=generator)).Q
    variances = decay ** torch.arange(n_features)
    covariance = (basis * variances) @ basis.T
    axes = principal_axes(covariance, n_components)
    torch.testing.assert_close(axes.T @ axes, torch.eye(n_components), rtol=0, atol=1e-4)
    kept = torch.trace(axes.T @ covariance @ axes)
    assert kept > 0.98 * variances[:n_components].sum()


def test_axes_of_features_of_low_rank():
    factor = torch.randn(200, 3, generator=torch.Generator().manual_seed(0))
    axes = principal_axes(factor @ factor.T, 10)
    torch.testing.assert_close(axes.T @ axes, torch.eye(10), rtol=0, atol=1e-4)
    torch.testing.assert_close(axes @ (axes.T @ factor), factor, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("n_components", [2, 12])
def test_the_mean_l1_norm_is_kept(space, n_components):
    projected = ProjectedSpace(space, n_components, Draws(0))
    norms = [s.batch().abs().sum(1).mean() for s in (space, projected)]
    torch.testing.assert_close(*norms, rtol=1e-4, atol=0)


def test_coordinates_have_similar_variances(space):
    # the first axis of the features has three quarters of the variance
    variances = [ProjectedSpace(space, 12, Draws(seed)).batch().var(0) for seed in range(20)]
    shares = [variance.max() / variance.sum() for variance in variances]
    assert np.mean(shares) < 0.5


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("rows", [None, slice(3, 9), torch.tensor([4, 1, 400])])
def test_rows_are_multiplied_by_the_projection(space, rows, prepared):
    (projected,) = project([space], 5, Draws(1))
    if prepared:
        projected.prepare()
    expected = space.batch(rows) @ projected.projection
    torch.testing.assert_close(projected.batch(rows), expected, rtol=1e-4, atol=1e-5)


def test_none_leaves_spaces_as_they_are(space):
    assert project([space], None, Draws(0))[0] is space


def test_more_components_than_features_rotate(space):
    (projected,) = project([space], 100, Draws(0))
    gram = projected.projection.T @ projected.projection
    torch.testing.assert_close(gram, gram[0, 0] * torch.eye(12), rtol=1e-4, atol=1e-4)


def test_a_projected_space_is_streamed_until_it_is_prepared(space):
    streamed = ProjectedSpace(FeatureSpace(space.features, streamed=True), 3, Draws(0))
    assert streamed.streamed
    streamed.prepare()
    assert not streamed.streamed


def test_features_too_large_for_products_are_refused():
    x = torch.tensor([[1e30], [-1e30]])
    with pytest.raises(ValueError, match="too large for products"):
        ProjectedSpace(FeatureSpace(x), 1, Draws(0))
