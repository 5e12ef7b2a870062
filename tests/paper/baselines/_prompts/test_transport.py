"""The loss and the steps of POUF, compared with values by hand and with NumPy."""

import math

import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import entropy
from sklearn.preprocessing import normalize

from sklearn_turtle._input._unit import UnitFeatures
from sklearn_turtle._solver import Draws
from sklearn_turtle.paper.baselines._prompts import align_context
from sklearn_turtle.paper.baselines._prompts._transport import mutual_information, transport_cost
from tests.support.class_embeddings import small_problem
from tests.support.numpy_steps import central_differences, sgd


def loss_in_numpy(cosines, scale, weight):
    logits, cost = scale * cosines, 1 - cosines
    to_classes = (softmax(logits, axis=1) * cost).sum() / cosines.shape[0]
    to_samples = (softmax(logits, axis=0) * cost).sum() / cosines.shape[1]
    p = softmax(logits, axis=1)
    return to_classes + to_samples - weight * (entropy(p.mean(0)) - entropy(p, axis=1).mean())


def test_by_hand():
    # With a scale of log 3, the odds of a cosine of 1 against a cosine of 0 are 3 to 1. A quarter
    # of the mass of each sample and of each class is transported at a cost of 1.
    cosines, scale = torch.eye(2, dtype=torch.float64), math.log(3)
    assert transport_cost(cosines, scale).item() == pytest.approx(0.25 + 0.25)
    of_each = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert mutual_information(scale * cosines).item() == pytest.approx(math.log(2) - of_each)


def test_loss_and_gradient_match_numpy():
    cosines = np.random.default_rng(0).uniform(-1, 1, size=(7, 4))
    tensor = torch.tensor(cosines, requires_grad=True)
    loss = transport_cost(tensor, 5.0) - 0.3 * mutual_information(5.0 * tensor)
    assert loss.item() == pytest.approx(loss_in_numpy(cosines, 5.0, 0.3))
    (gradient,) = torch.autograd.grad(loss, [tensor])
    expected = central_differences(lambda at: loss_in_numpy(at, 5.0, 0.3), cosines)
    np.testing.assert_allclose(gradient, expected, atol=1e-8)


def test_information_of_certain_predictions():
    logits = 1e3 * torch.eye(3).repeat(5, 1)
    assert mutual_information(logits).item() == pytest.approx(math.log(3))
    assert mutual_information(logits[:1]).item() == pytest.approx(0.0, abs=1e-6)


def test_gradients_are_finite_if_probabilities_underflow():
    logits = torch.tensor([[0.0, -500.0, -1000.0]], requires_grad=True)
    (gradient,) = torch.autograd.grad(mutual_information(logits), [logits])
    assert torch.isfinite(gradient).all()


def test_steps_match_numpy():
    X, _, T = small_problem(n_samples=12)
    T, start = normalize(T), np.full_like(T, 0.1)
    tuned = align_context(
        UnitFeatures(torch.tensor(X), dtype=torch.float64),
        lambda context: torch.tensor(T) + context,
        torch.tensor(start),
        10.0,
        information_weight=0.3,
        max_iter=3,
        batch_size=100,
        learning_rate=0.02,
        draws=Draws(0),
    )

    def loss(residual):
        return loss_in_numpy(normalize(X) @ normalize(T + residual).T, 10.0, 0.3)

    rates = [0.02 * (1 + 0.0002 * step) ** -0.75 for step in range(3)]
    expected, losses = sgd(loss, start, rates, weight_decay=1e-3, nesterov=True)
    np.testing.assert_allclose(tuned.context, expected, atol=1e-8)
    np.testing.assert_allclose(tuned.losses, losses)
    np.testing.assert_allclose(tuned.embeddings, normalize(T + expected), atol=1e-8)
