"""Encoders in front of TurtleClustering."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline, make_union

from sklearn_turtle import TurtleClustering
from sklearn_turtle.encoders import ImageEncoder, TextEncoder, image_files
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.tiny_models import TinyImageModel, lengths, preprocess

COLORS = np.array([[200, 40, 40], [40, 200, 40], [40, 40, 200]])


@pytest.fixture
def colored(tmp_path):
    """A folder of noisy images of three colors, a folder a color."""
    generator = np.random.default_rng(0)
    for i in range(120):
        image = COLORS[i % 3] + generator.integers(-30, 30, (10, 12, 3))
        path = tmp_path / "photos" / str(i % 3) / f"{i:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.astype(np.uint8)).save(path)
    return tmp_path / "photos"


def union(**parameters):
    return make_union(
        ImageEncoder((TinyImageModel(8, seed=0), preprocess), device="cpu", **parameters),
        ImageEncoder((TinyImageModel(6, seed=1), preprocess), device="cpu", **parameters),
    ).set_output(transform="pandas")


def turtle(**parameters):
    return TurtleClustering(3, n_init=4, random_state=0, device="cpu", **parameters)


def colors_of(paths):
    return np.array([int(path.parent.name) for path in paths])


def test_two_encoders_are_two_spaces(colored, tmp_path):
    pipeline = make_pipeline(union(cache=tmp_path / "cache"), turtle(spaces="prefix"))
    labels = pipeline.fit_predict(colored)
    assert pipeline[-1].space_names_ == ["imageencoder-1", "imageencoder-2"]
    assert [len(coefficients[0]) for coefficients in pipeline[-1].coef_] == [8, 6]
    assert clustering_accuracy(colors_of(image_files(colored)), labels) == 1
    again = pipeline.predict(image_files(colored)[::-1])
    np.testing.assert_array_equal(again, labels[::-1])


def test_skipped_images_are_left_out_of_both_spaces(colored):
    paths = image_files(colored)
    paths[5].write_bytes(b"broken")
    pipeline = make_pipeline(union(on_error="skip"), turtle(spaces="prefix"))
    with pytest.warns(UserWarning, match="005|015.png"):
        labels = pipeline.fit_predict(paths)
    skipped = pipeline[0].transformer_list[0][1].skipped_
    assert skipped.tolist() == [5]
    assert clustering_accuracy(colors_of(np.delete(paths, skipped)), labels) == 1


def test_columns_of_a_frame(colored):
    paths = image_files(colored)
    frame = pd.DataFrame(
        {
            "photo": paths,
            "text": [["an apple", "moss", "sky and sea"][c] for c in colors_of(paths)],
        }
    )
    columns = make_column_transformer(
        (ImageEncoder((TinyImageModel(), preprocess), device="cpu"), "photo"),
        (TextEncoder(lengths), ["text"]),
    ).set_output(transform="pandas")
    pipeline = make_pipeline(columns, turtle(spaces="prefix")).fit(frame)
    assert pipeline[-1].space_names_ == ["imageencoder", "textencoder"]
    assert clustering_accuracy(colors_of(paths), pipeline[-1].labels_) == 1
