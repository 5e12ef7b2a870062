"""HUME on small data."""

import numpy as np

from sklearn_turtle.paper.baselines import HUME


def noisy_directions(n_samples=240):
    """Two spaces over the same samples, with noise around four random directions.

    Returns
    -------
    spaces : list of ndarray of shape (n_samples, 32) and (n_samples, 24), float32
    y : ndarray of shape (n_samples,)
        The direction of each sample.
    """
    rng = np.random.default_rng(0)
    y = np.arange(n_samples) % 4
    spaces = [
        (rng.normal(size=(4, width))[y] + rng.normal(size=(n_samples, width))).astype(np.float32)
        for width in (32, 24)
    ]
    return spaces, y


def quick_hume(n_clusters=4, **parameters):
    """A HUME that fits small data in a fraction of a second."""
    defaults = {
        "n_seeds": 3,
        "max_iter": 15,
        "n_subsets": 1,
        "inner_steps": 10,
        "inner_lr": 0.1,
        "outer_lr": 0.05,
        "annealing_steps": (10, 13),
        "cv": 2,
        "random_state": 0,
        "device": "cpu",
    }
    return HUME(n_clusters, **{**defaults, **parameters})
