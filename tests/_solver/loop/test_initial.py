import pytest
import torch

from sklearn_turtle._solver import Draws, FeatureSpace
from sklearn_turtle._solver.loop._initial import initial_layers
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings


@pytest.mark.parametrize("batch_size", [30, 120])
@pytest.mark.parametrize("factor", [1.0, 100.0])
def test_logits_have_the_given_size_for_features_of_any_size(batch_size, factor):
    spaces = [
        FeatureSpace(space.features, shift=space.shift, scale=factor * space.scale)
        for space in feature_spaces()
    ]
    settings = solver_settings(
        4, n_restarts=3, batch_size=batch_size, initial_logit_norm=0.3, dtype=torch.float64
    )
    layers, scales = initial_layers(spaces, settings, Draws(0))
    drawn, _ = initial_layers(
        spaces, solver_settings(4, n_restarts=3, initial_logit_norm=None), Draws(0)
    )
    for space, (weight, bias), scale, (drawn_weight, _) in zip(
        spaces, layers, scales, drawn, strict=True
    ):
        assert weight.shape == (space.n_features, 12)
        assert (space.batch() @ weight).square().mean().sqrt() == pytest.approx(0.3, rel=0.2)
        assert (bias == 0).all()
        torch.testing.assert_close(weight, scale * drawn_weight)


def test_weights_are_as_drawn_without_a_given_size():
    spaces = feature_spaces()
    settings = solver_settings(4, n_restarts=3, initial_logit_norm=None)
    layers, scales = initial_layers(spaces, settings, Draws(0))
    assert scales == [1.0, 1.0]
    draws = Draws(0)
    for k, (space, (weight, bias)) in enumerate(zip(spaces, layers, strict=True)):
        drawn_weight, drawn_bias = draws.task_encoder(k, space.n_features, 12)
        assert torch.equal(weight, drawn_weight)
        assert torch.equal(bias, drawn_bias)
