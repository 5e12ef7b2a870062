"""Thumbnails of images."""

from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle._io._images import open_image


def thumbnail(image: Any, side: int) -> np.ndarray:
    """Fit an image into a white square.

    Parameters
    ----------
    image : str, Path, PIL image or ndarray of uint8
        The image: a file or pixels.
    side : int
        Height and width of the square in pixels.

    Returns
    -------
    ndarray of shape (side, side, 3), uint8

    Raises
    ------
    ValueError
        If pixels are not of dtype uint8.
    """
    from PIL import ImageOps

    if isinstance(image, str):
        image = Path(image)
    elif not isinstance(image, Path):
        image = np.asarray(image)
        if image.dtype != np.uint8:
            raise ValueError(
                f"Pixels must be of dtype uint8, from 0 to 255; got {image.dtype}. Scale them, or "
                "pass the files."
            )
    upright = ImageOps.exif_transpose(open_image(image))  # cameras note how they were held
    return np.asarray(ImageOps.pad(upright, (side, side), color="white"))
