"""Digits with stand-ins for the embeddings of texts.

No text encoder is at hand: the embedding of a class is the mean of its images, of unit norm, to
which noise is added. That makes a zero-shot classifier that is right most of the time, as those of
CLIP are; it tells nothing of how well the methods do on CLIP.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.preprocessing import normalize


def digits_with_class_embeddings(noise, seed):
    """Pixels (1797, 64), digits (1797,) and class embeddings (10, 64).

    ``noise`` is the norm of what is added to the mean of a class, as a share of the mean's.
    """
    X, y = load_digits(return_X_y=True)
    means = np.stack([normalize(X)[y == digit].mean(0) for digit in range(10)])
    added = np.random.default_rng(seed).normal(size=means.shape) / np.sqrt(means.shape[1])
    class_embeddings = means + noise * added * np.linalg.norm(means, axis=1, keepdims=True)
    return X.astype(np.float32), y, class_embeddings


def small_problem(n_samples=90, n_classes=3, n_features=6, seed=0):
    """Samples (n, d) near the class embeddings (C, d), and their classes, which are positions."""
    rng = np.random.default_rng(seed)
    class_embeddings = rng.normal(size=(n_classes, n_features))
    y = np.arange(n_samples) % n_classes
    X = class_embeddings[y] + 0.5 * rng.normal(size=(n_samples, n_features))
    return X, y, class_embeddings
