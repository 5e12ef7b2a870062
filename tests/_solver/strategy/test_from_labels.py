import numpy as np
import torch

from sklearn_turtle._solver import Draws, FeatureSpace, restart_labels
from sklearn_turtle._solver.strategy._from_labels import N_STEPS, fit_to_labels
from tests.support.settings import solver_settings

LABELS = torch.tensor([0, 1, 2, 0, 1, 2, -1, -1])


def random_spaces(dtype=torch.float64):
    generator = torch.Generator().manual_seed(0)
    return [
        FeatureSpace(torch.randn(len(LABELS), width, generator=generator).to(dtype), dtype=dtype)
        for width in (5, 3)
    ]


def softmax_regression(z, y, n_clusters, lr):
    """Weights (d, C) and biases (C,) of softmax regression by Adam from zero, on all rows."""
    z = np.hstack([z, np.ones((len(z), 1))])
    weight = np.zeros((z.shape[1], n_clusters))
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    for step in range(1, N_STEPS + 1):
        e = np.exp(z @ weight)
        gradient = z.T @ (e / e.sum(1, keepdims=True) - np.eye(n_clusters)[y]) / len(z)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        corrected = first / (1 - 0.9**step), np.sqrt(second / (1 - 0.999**step))
        weight -= lr * corrected[0] / (corrected[1] + 1e-8)
    return weight[:-1], weight[-1]


def test_the_model_is_a_softmax_regression_on_the_labeled_rows():
    search = solver_settings(3, batch_size=100, inner_lr=0.01, dtype=torch.float64)
    spaces = random_spaces()
    model = fit_to_labels(spaces, LABELS, search, Draws(0))
    labeled = (LABELS >= 0).numpy()
    for space, weight, bias in zip(spaces, model.weights, model.biases, strict=True):
        expected = softmax_regression(
            space.batch().numpy()[labeled], LABELS.numpy()[labeled], 3, search.inner_lr
        )
        np.testing.assert_allclose(weight.numpy(), expected[0], rtol=1e-7, atol=1e-10)
        np.testing.assert_allclose(bias.numpy(), expected[1], rtol=1e-7, atol=1e-10)


def test_mini_batches_hold_labeled_rows_only():
    search = solver_settings(3, batch_size=2, inner_lr=0.01)
    spaces = random_spaces(torch.float32)
    for space in spaces:  # a row without a label would make every weight NaN
        space.features[LABELS < 0] = torch.nan
    model = fit_to_labels(spaces, LABELS, search, Draws(0))
    assert all(torch.isfinite(weight).all() for weight in model.weights)
    assert restart_labels(model, spaces)[0, :6].tolist() == LABELS[:6].tolist()
