"""Images that are embedded in the page."""

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest

from sklearn_turtle.display import ConfidenceDisplay
from sklearn_turtle.report._images import encode_plot, encode_thumbnail


def pixels_of(data_url):
    image_module = pytest.importorskip("PIL.Image")
    kind, content = data_url.split(",")
    assert kind == "data:image/jpeg;base64"
    return np.asarray(image_module.open(BytesIO(b64decode(content))))


@pytest.mark.parametrize("gray", [0, 100, 239])
def test_thumbnail_is_in_a_white_square(gray):
    pixels = pixels_of(encode_thumbnail(np.full((40, 20), gray, dtype=np.uint8)))
    assert pixels.shape == (80, 80, 3)
    assert np.abs(pixels[40, 40].astype(int) - gray).max() < 10
    assert pixels[40, 5].min() > 245


def test_thumbnail_of_a_photo_is_upright(tmp_path):
    image_module = pytest.importorskip("PIL.Image")
    # The image is stored on its side. Its Exif orientation puts the red half above.
    photo = image_module.new("RGB", (16, 16), "blue")
    photo.paste("red", (0, 0, 8, 16))
    exif = image_module.Exif()
    exif[0x0112] = 6
    photo.save(tmp_path / "photo.jpg", exif=exif)
    pixels = pixels_of(encode_thumbnail(str(tmp_path / "photo.jpg")))
    assert pixels[10, 40].argmax() == 0
    assert pixels[70, 40].argmax() == 2


def test_plot_is_svg_and_always_the_same():
    first, second = (encode_plot(ConfidenceDisplay(np.array([0.2, 0.9]))) for _ in range(2))
    assert first == second
    kind, content = first.split(",")
    assert kind == "data:image/svg+xml;base64"
    assert b"<svg" in b64decode(content)
