"""Open images and the middle frames of videos."""

from collections import deque
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._extras import import_extra

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".tif", ".tiff", ".webp")
VIDEO_SUFFIXES = (".avi", ".mp4", ".mkv", ".webm")


def open_image(image: Any) -> Any:
    """Open an image as a PIL image in RGB.

    Parameters
    ----------
    image : Path or array-like of shape (height, width) or (height, width, 3), uint8
        File of an image, file of a video, or pixels.

    Returns
    -------
    PIL.Image.Image
        In RGB; the middle frame of a video.
    """
    Image = import_extra("PIL.Image", "pillow", "datasets", "Reading images")
    if not isinstance(image, Path):
        return Image.fromarray(np.asarray(image)).convert("RGB")
    if image.suffix.lower() in VIDEO_SUFFIXES:
        return middle_frame(image)
    with Image.open(image) as opened:
        return opened.convert("RGB")


def middle_frame(path: Path) -> Any:
    """Read frame ``n_frames // 2`` of a video.

    Parameters
    ----------
    path : Path
        File of the video.

    Returns
    -------
    PIL.Image.Image
        In RGB. The last frame if the file has fewer frames than its header states.

    Raises
    ------
    FileError
        If no frame can be decoded.
    """
    av = import_extra("av", "av", "datasets", "Reading videos")
    with av.open(str(path)) as container:
        n_frames = container.streams.video[0].frames
        if n_frames == 0:  # the header does not contain the number of frames
            n_frames = sum(1 for _ in container.decode(video=0))
            container.seek(0)
        frames = deque(islice(container.decode(video=0), n_frames // 2 + 1), maxlen=1)
    if not frames:
        raise FileError(f"{path}: no frame can be decoded.")
    return frames[0].to_image()
