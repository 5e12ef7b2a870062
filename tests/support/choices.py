"""Easy data and quick settings for choosing the number of clusters."""

import numpy as np

from sklearn_turtle import TurtleClustering

N_FEATURES = 8


def separated_blobs(n_clusters, n_samples=120, seed=0):
    """At most 8 clusters, so far apart that even quick labelings find them."""
    rng = np.random.default_rng(seed)
    return separated_clusters(np.arange(n_samples) % n_clusters, rng)


def separated_clusters(y, rng):
    """Normally distributed samples around orthogonal centers; ``y`` is the cluster of each."""
    return 20 * np.eye(N_FEATURES)[y] + rng.normal(size=(len(y), N_FEATURES))


def quick_turtle(**parameters):
    """A TurtleClustering that finds separated clusters in a few steps."""
    return TurtleClustering(**{"max_iter": 30, "polish_iter": 4, "device": "cpu", **parameters})
