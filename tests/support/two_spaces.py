"""Small data for the tests: two spaces over the same samples, with known clusters."""

import numpy as np
from sklearn.datasets import make_blobs

WIDTHS = [12, 8]


def two_spaces(n_samples=240, n_clusters=4, seed=0, dtype=np.float32):
    """Blobs seen through two random linear maps; returns [X1, X2] and the true clusters."""
    rng = np.random.default_rng(seed)
    latent, y = make_blobs(n_samples, n_features=6, centers=n_clusters, random_state=seed)
    spaces = [
        (latent @ rng.normal(size=(6, width)) + rng.normal(size=(n_samples, width))).astype(dtype)
        for width in WIDTHS
    ]
    return spaces, y


def clear_spaces(n_samples=240):
    """Like :func:`two_spaces`, with clusters so far apart that every fit of some rows finds them.

    No fit warns of empty clusters, which scikit-learn's tools would count as a failed fit.
    """
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(n_samples) % 4)
    latent = 12 * np.eye(4)[y] + rng.normal(size=(n_samples, 4))
    spaces = [
        (latent @ rng.normal(size=(4, width)) + rng.normal(size=(n_samples, width))).astype("f4")
        for width in WIDTHS
    ]
    return spaces, y


def small_turtle(**parameters):
    """A TurtleClustering that fits such data in a fraction of a second."""
    from sklearn_turtle import TurtleClustering

    defaults = {
        "n_clusters": 4,
        "n_init": 8,
        "max_iter": 100,
        "polish_iter": 30,
        "random_state": 0,
        "device": "cpu",
    }
    return TurtleClustering(**{**defaults, **parameters})
