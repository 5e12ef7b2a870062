"""Gradient descent of the classifier, and the derivative through all of its steps."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from sklearn_turtle.paper.baselines._hume_solver._inner_classifier import train_classifier


@pytest.fixture
def problem():
    generator = torch.Generator().manual_seed(0)

    def normal(*shape):
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    return normal(12, 4), normal(12, 3).requires_grad_(), normal(3, 4).requires_grad_()


def literal(features, labels, weight, n_steps, lr):
    """Gradient descent on the tape of autograd."""
    for _ in range(n_steps):
        loss = cross_entropy(features @ weight.T, labels)
        (slope,) = torch.autograd.grad(loss, weight, create_graph=True)
        weight = weight - lr * slope
    return weight


def ours(features, labels, weight, n_steps, lr):
    return train_classifier(features, labels, weight, n_steps=n_steps, lr=lr)


def result_and_slopes(train, problem):
    features, scores, weight = problem
    trained = train(features, scores.softmax(1), weight, 25, 0.7)
    direction = torch.linspace(-1, 1, weight.numel(), dtype=torch.float64).view_as(weight)
    return trained, *torch.autograd.grad((trained * direction).sum(), (scores, weight))


def test_steps_and_derivative_match_autograd(problem):
    torch.testing.assert_close(
        result_and_slopes(ours, problem), result_and_slopes(literal, problem)
    )


def test_derivative_matches_finite_differences(problem):
    features, scores, weight = problem
    assert torch.autograd.gradcheck(
        lambda scores, weight: ours(features, scores.softmax(1), weight, 7, 0.5), (scores, weight)
    )


def test_derivative_includes_the_effect_of_a_step_on_later_steps(problem):
    # the gradient of a first-order method ignores it
    def first_order(features, labels, weight, n_steps, lr):
        for _ in range(n_steps):
            residual = (features @ weight.detach().T).softmax(1) - labels
            weight = weight - lr / len(features) * residual.T @ features
        return weight

    trained, exact, _ = result_and_slopes(ours, problem)
    same, without, _ = result_and_slopes(first_order, problem)
    torch.testing.assert_close(trained, same)
    assert (exact - without).norm() > 0.1 * exact.norm()
