"""Stochastic gradient descent in NumPy, with gradients by central differences."""

import numpy as np


def central_differences(function, point, width=1e-6):
    """Approximate the gradient of a scalar function of an array."""
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        step = np.zeros_like(point)
        step[index] = width
        gradient[index] = (function(point + step) - function(point - step)) / (2 * width)
    return gradient


def sgd(loss, start, rates, *, weight_decay, nesterov):
    """Take one step per learning rate, with a momentum of 0.9.

    Returns
    -------
    point : ndarray
        The point after the last step.
    losses : list of float
        Loss before each step.
    """
    point, velocity, losses = start.copy(), np.zeros_like(start), []
    for rate in rates:
        losses.append(loss(point))
        gradient = central_differences(loss, point) + weight_decay * point
        velocity = 0.9 * velocity + gradient
        point = point - rate * (gradient + 0.9 * velocity if nesterov else velocity)
    return point, losses
