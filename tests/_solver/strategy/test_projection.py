import pytest
import torch

from sklearn_turtle._solver import Draws, LinearModel, Observer, Strategy, project, solve_restarts
from sklearn_turtle._solver.strategy._projection import unproject
from tests.support.feature_spaces import feature_spaces
from tests.support.settings import solver_settings


def test_unprojected_models_give_the_same_logits():
    generator = torch.Generator().manual_seed(0)
    spaces = feature_spaces()
    projected = project(spaces, 5, Draws(1))
    weights = [torch.randn(5, 6, generator=generator) for _ in spaces]
    biases = [torch.randn(6, generator=generator) for _ in spaces]
    model = unproject(LinearModel(weights, biases, 3), projected)
    for k, space in enumerate(spaces):
        expected = projected[k].batch() @ weights[k]
        torch.testing.assert_close(
            space.batch() @ model.weights[k], expected, rtol=1e-3, atol=1e-3 * expected.abs().max()
        )
        assert torch.equal(model.biases[k], biases[k])


def test_models_of_the_features_themselves_do_not_change():
    (space, _) = feature_spaces()
    model = LinearModel([torch.ones(space.n_features, 3)], [torch.zeros(3)], 3)
    unprojected = unproject(model, [space])
    assert torch.equal(unprojected.weights[0], model.weights[0])


@pytest.mark.parametrize("n_components", [3, None])
def test_observers_see_models_of_the_features_themselves(n_components):
    spaces = feature_spaces()
    shapes = set()

    class Shapes(Observer):
        def end_step(self, step, losses, model):
            shapes.update(tuple(weight.shape) for weight in model().weights)

    search = solver_settings(4, n_restarts=3, max_iter=2, batch_size=60)
    strategy = Strategy(
        search, polish_iter=1, sizes_known=False, n_components=n_components, n_neighbors=0
    )
    solution = solve_restarts(spaces, strategy, Draws(0), observer=Shapes())
    # three restarts in the search, one labeling in the polish
    assert shapes == {(12, 12), (8, 12), (12, 4), (8, 4)}
    assert [weight.shape for weight in solution.model.weights] == [(12, 4), (8, 4)]
