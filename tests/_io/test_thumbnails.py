"""Thumbnails of images."""

import numpy as np
import pytest

from sklearn_turtle._io._thumbnails import thumbnail

pytest.importorskip("PIL")


def test_pixels_keep_their_proportions_in_a_white_square():
    pixels = thumbnail(np.zeros((4, 8), dtype=np.uint8), 8)
    assert pixels.shape == (8, 8, 3)
    assert pixels.dtype == np.uint8
    assert not pixels[2:6].any()
    assert (pixels[[0, 1, 6, 7]] == 255).all()


def test_only_pixels_of_8_bits_are_accepted():
    with pytest.raises(ValueError, match="dtype uint8, from 0 to 255; got float64"):
        thumbnail(np.zeros((4, 4)), 8)
