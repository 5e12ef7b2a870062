"""Sheet of the images that represent each cluster."""

import numpy as np
import pandas as pd
import pytest

from sklearn_turtle.display import ContactSheetDisplay
from sklearn_turtle.exploration import cluster_representatives
from tests.support.given import Given


@pytest.fixture(scope="module")
def pillow():
    """The module PIL.Image."""
    return pytest.importorskip("PIL.Image")


def test_sheet_shows_the_representatives(blobs, pillow):
    spaces, _, turtle = blobs
    images = np.random.default_rng(0).integers(256, size=(240, 8, 8), dtype=np.uint8)
    display = ContactSheetDisplay.from_estimator(
        turtle, spaces, images, n_images=4, clusters=[3, 1], side=8
    ).plot()
    sheet = np.asarray(display.image_.get_array())
    assert sheet.shape == (16, 32, 3)
    representatives = cluster_representatives(turtle, spaces, 4)
    for line, cluster in enumerate([3, 1]):
        for column, row in enumerate(representatives[cluster]):
            tile = sheet[8 * line : 8 * line + 8, 8 * column : 8 * column + 8]
            np.testing.assert_array_equal(tile, np.dstack([images[row]] * 3))
    assert [tick.get_text() for tick in display.ax_.get_yticklabels()] == ["3", "1"]


def test_files_and_pixels_of_any_shape(pillow, tmp_path):
    wide = np.zeros((4, 8, 3), dtype=np.uint8)
    pillow.fromarray(wide).save(tmp_path / "wide.png")
    images = [tmp_path / "wide.png", str(tmp_path / "wide.png"), pillow.fromarray(wide), wide]
    X = np.array([[0.0], [0.1], [5.0], [5.1]])
    display = ContactSheetDisplay.from_estimator(
        Given([0, 0, 0, 2], n_clusters=4), X, images, side=8, names=["a", "b", "c", "d"]
    )
    assert [len(row) for row in display.thumbnails] == [3, 0, 1, 0]
    padded = np.full((8, 8, 3), 255)
    padded[2:6] = 0
    for row in display.thumbnails:
        for thumbnail in row:
            np.testing.assert_array_equal(thumbnail, padded)
    sheet = np.asarray(display.plot().image_.get_array())
    assert sheet.shape == (32, 24, 3)
    assert (sheet[8:16] == 255).all()
    assert (sheet[16:24, 8:] == 255).all()
    assert [tick.get_text() for tick in display.ax_.get_yticklabels()] == ["a", "b", "c", "d"]


def test_a_column_of_a_table_is_read_by_position(pillow, tmp_path):
    for name, value in (("dark.png", 0), ("light.png", 200)):
        pillow.fromarray(np.full((2, 2, 3), value, dtype=np.uint8)).save(tmp_path / name)
    column = pd.Series([str(tmp_path / "dark.png"), str(tmp_path / "light.png")], index=[1, 0])
    sheet = ContactSheetDisplay.from_estimator(Given([0, 1]), np.eye(2), column, side=2)
    assert [row[0].max() for row in sheet.thumbnails] == [0, 200]


def test_only_images_on_the_sheet_are_read(pillow):
    X = np.array([[0.0], [1.0], [2.0]])
    images = [None, np.zeros((2, 2), dtype=np.uint8), None]
    sheet = ContactSheetDisplay.from_estimator(Given([0, 0, 0]), X, images, n_images=1, side=2)
    np.testing.assert_array_equal(sheet.thumbnails[0][0], np.zeros((2, 2, 3)))


@pytest.mark.parametrize(
    ("images", "arguments", "message"),
    [
        (np.zeros((2, 4, 4)), {}, "dtype uint8"),
        (np.zeros((3, 4, 4), dtype=np.uint8), {}, "images has 3 entries, but X has 2 samples"),
        (np.zeros((2, 4, 4), dtype=np.uint8), {"clusters": [2]}, "from 0 to 1"),
        (np.zeros((2, 4, 4), dtype=np.uint8), {"n_images": 0}, "n_images"),
    ],
)
def test_wrong_arguments_are_refused(pillow, images, arguments, message):
    with pytest.raises(ValueError, match=message):
        ContactSheetDisplay.from_estimator(Given([0, 1]), np.eye(2), images, **arguments)
