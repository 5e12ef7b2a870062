"""Images and middle frames of videos."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._io._images import middle_frame, open_image
from tests.support.dataset_folders import GRAY_OF_CLASS, film, paint

pytest.importorskip("PIL")


def class_of(image):
    return round(np.median(np.asarray(image)) / GRAY_OF_CLASS)


def test_pixels():
    image = open_image(np.full((4, 5), 7, dtype=np.uint8))
    assert image.mode == "RGB"
    assert_array_equal(np.asarray(image), np.full((4, 5, 3), 7))


def test_file_of_an_image(tmp_path):
    paint(tmp_path / "x.png", 2)
    image = open_image(tmp_path / "x.png")
    assert image.mode == "RGB"
    assert class_of(image) == 2


# the header of an .mkv file does not contain the number of frames
@pytest.mark.parametrize(("suffix", "n_frames"), [("avi", 1), ("avi", 4), ("avi", 7), ("mkv", 5)])
def test_middle_frame(tmp_path, suffix, n_frames):
    pytest.importorskip("av")
    path = tmp_path / f"video.{suffix}"
    film(path, 3, n_frames)
    assert class_of(middle_frame(path)) == 3
    assert class_of(open_image(path)) == 3


@pytest.mark.parametrize(
    ("module", "package", "name"), [("PIL.Image", "pillow", "x.png"), ("av", "av", "x.avi")]
)
def test_missing_package(tmp_path, monkeypatch, module, package, name):
    for name_of_module in {module, module.partition(".")[0]}:
        monkeypatch.setitem(sys.modules, name_of_module, None)
    with pytest.raises(ImportError, match=f"needs {package}: pip install {package}"):
        open_image(tmp_path / name)
