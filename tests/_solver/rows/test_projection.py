"""Searching along rotated principal axes."""

import numpy as np
import pytest
import torch

from sklearn_turtle._solver import (
    Draws,
    FeatureSpace,
    LinearModel,
    Observer,
    Strategy,
    solve_restarts,
)
from sklearn_turtle._solver.rows._projection import ProjectedSpace, project
from sklearn_turtle._solver.strategy._projection import unproject
from tests.support.settings import solver_settings
from tests.support.two_spaces import small_turtle, two_spaces


@pytest.fixture
def space():
    """Features whose variance falls by half from one axis of a random basis to the next."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(12, 12)))[0]
    x = rng.normal(size=(500, 12)) * 0.5 ** np.arange(12) @ basis
    return FeatureSpace(torch.from_numpy(x - x.mean(0)).float())


def test_projection_keeps_the_axes_of_largest_variance(space):
    projected = ProjectedSpace(space, 3, Draws(0))
    singular_values = torch.linalg.svdvals(space.batch())
    of_projected = torch.linalg.svdvals(projected.batch())
    ratio = of_projected / singular_values[:3]
    torch.testing.assert_close(ratio, ratio[0].expand(3))


def test_projection_keeps_the_mean_l1_norm(space):
    for n_components in (2, 12):
        projected = ProjectedSpace(space, n_components, Draws(0))
        norms = [s.batch().abs().sum(1).mean() for s in (space, projected)]
        torch.testing.assert_close(*norms)


def test_coordinates_have_variances_alike(space):
    # of the features themselves the first axis alone has three quarters of the variance
    variances = [ProjectedSpace(space, 12, Draws(seed)).batch().var(0) for seed in range(20)]
    shares = [variance.max() / variance.sum() for variance in variances]
    assert np.mean(shares) < 0.5


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("rows", [None, slice(3, 9), torch.tensor([4, 1, 400])])
def test_unprojected_model_gives_the_same_logits(space, rows, prepared):
    (projected,) = project([space], 5, Draws(1))
    if prepared:
        projected.prepare()
    weight, bias = torch.randn(5, 6, generator=torch.Generator().manual_seed(2)), torch.ones(6)
    model = unproject(LinearModel([weight], [bias], 3), [projected])
    torch.testing.assert_close(
        projected.batch(rows) @ weight, space.batch(rows) @ model.weights[0], rtol=1e-4, atol=1e-5
    )
    assert model.biases[0] is bias


def test_none_leaves_spaces_as_they_are(space):
    assert project([space], None, Draws(0))[0] is space


def test_more_components_than_features_rotate(space):
    (projected,) = project([space], 100, Draws(0))
    gram = projected.projection.T @ projected.projection
    torch.testing.assert_close(gram, gram[0, 0] * torch.eye(12), rtol=1e-4, atol=1e-4)


def test_coefficients_apply_to_all_features():
    spaces, _ = two_spaces()
    turtle = small_turtle(n_components=3, polish_iter=0).fit(spaces)
    for coef, x in zip(turtle.coef_, spaces, strict=True):
        assert coef.shape[1] == x.shape[1]
        assert np.linalg.matrix_rank(coef, tol=1e-4 * np.abs(coef).max()) <= 3
    assert np.array_equal(turtle.predict(spaces), turtle.labels_)


def test_callbacks_see_coefficients_of_all_features():
    spaces = [FeatureSpace(torch.randn(60, 8, generator=torch.Generator().manual_seed(0)))]
    seen = []

    class Shapes(Observer):
        def end_step(self, step, losses, model):
            seen.append(model().weights[0].shape)

    settings = solver_settings(2, n_restarts=3, max_iter=2, batch_size=60)
    strategy = Strategy(settings, polish_iter=1, sizes_known=True, n_components=4)
    solve_restarts(spaces, strategy, Draws(0), observer=Shapes())
    assert seen == [(8, 6), (8, 6), (8, 2)]
