"""Data with class embeddings, and a small text tower."""

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.preprocessing import normalize


def digits_with_class_embeddings(noise, seed):
    """Digits with noisy class means in place of text embeddings.

    The means are taken over samples of unit norm. With noise, the zero-shot classifier is right
    most of the time, as that of CLIP is. The results do not show how well a method works with CLIP.

    Parameters
    ----------
    noise : float
        Norm of the noise relative to the norm of the class mean.
    seed : int
        Seed of the noise.

    Returns
    -------
    X : ndarray of shape (1797, 64)
        Pixels.
    y : ndarray of shape (1797,)
        Digits.
    class_embeddings : ndarray of shape (10, 64)
    """
    X, y = load_digits(return_X_y=True)
    means = np.stack([normalize(X)[y == digit].mean(0) for digit in range(10)])
    added = np.random.default_rng(seed).normal(size=means.shape) / np.sqrt(means.shape[1])
    class_embeddings = means + noise * added * np.linalg.norm(means, axis=1, keepdims=True)
    return X.astype(np.float32), y, class_embeddings


def small_problem(n_samples=90, n_classes=3, n_features=6, seed=0):
    """Samples (n, d) near class embeddings (C, d), and their classes, which are row numbers.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    class_embeddings : ndarray of shape (n_classes, n_features)
    """
    rng = np.random.default_rng(seed)
    class_embeddings = rng.normal(size=(n_classes, n_features))
    y = np.arange(n_samples) % n_classes
    X = class_embeddings[y] + 0.5 * rng.normal(size=(n_samples, n_features))
    return X, y, class_embeddings


class TextTower(torch.nn.Module):
    """A minimal text encoder for :func:`small_problem`.

    All classes share the context vectors, of width 5; each class has a token of its own.
    """

    def __init__(self):
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.tokens = torch.nn.Parameter(torch.randn(3, 5, generator=generator))
        self.output = torch.nn.Parameter(torch.randn(5, 6, generator=generator))

    def forward(self, context):
        return torch.tanh(context.mean(0) + self.tokens) @ self.output
