"""Open images and the middle frames of videos."""

from collections import deque
from itertools import islice
from pathlib import Path

import numpy as np

from sklearn_turtle._io._extras import import_extra

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".tif", ".tiff", ".webp")


VIDEO_SUFFIXES = (".avi", ".mp4", ".mkv", ".webm")


def open_image(image):
    """A PIL image in RGB, of a file or of pixels; of a video, its middle frame."""
    Image = import_extra("PIL.Image", "pillow", "datasets", "Reading this dataset")
    if not isinstance(image, Path):
        return Image.fromarray(np.asarray(image)).convert("RGB")
    if image.suffix.lower() in VIDEO_SUFFIXES:
        return middle_frame(image)
    with Image.open(image) as opened:
        return opened.convert("RGB")


def middle_frame(path):
    """Frame ``n_frames // 2`` of a video."""
    av = import_extra("av", "av", "datasets", "Reading this dataset")
    with av.open(str(path)) as container:
        n_frames = container.streams.video[0].frames
        if n_frames == 0:  # the format does not say
            n_frames = sum(1 for _ in container.decode(video=0))
            container.seek(0)
        # a file may hold fewer frames than it says: then the last one is taken
        frames = deque(islice(container.decode(video=0), n_frames // 2 + 1), maxlen=1)
    if not frames:
        raise ValueError(f"{path}: holds no frame that can be decoded.")
    return frames[0].to_image()
