"""Tiny models whose embeddings can be computed by hand."""

import numpy as np
import torch

from sklearn_turtle.encoders import ImageEncoder


class TinyImageModel(torch.nn.Module):
    """A linear layer on 8 x 8 pixels."""

    def __init__(self, n_features=5, seed=0):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.weight = torch.nn.Parameter(torch.randn(192, n_features, generator=generator))
        self.n_calls = 0

    def forward(self, batch):
        self.n_calls += 1
        return batch.flatten(1) @ self.weight


def preprocess(image):
    """8 x 8 pixels, from 0 to 1."""
    return torch.from_numpy(np.array(image.resize((8, 8)), dtype=np.float32)) / 255


def preprocess_darker(image):
    return preprocess(image) / 2


def tiny_encoder(**parameters):
    """An ImageEncoder with a TinyImageModel, on the CPU."""
    return ImageEncoder((TinyImageModel(), preprocess), device="cpu", **parameters)


def expected_rows(images, model):
    """Rows of PIL images, computed one at a time."""
    with torch.no_grad():
        return np.vstack([model(preprocess(image.convert("RGB"))[None]) for image in images])


def lengths(texts):
    """Two features per text."""
    return np.array([[len(text), text.count("a")] for text in texts])
