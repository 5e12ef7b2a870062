"""Images and labels of one split of a dataset."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle._io._extras import import_extra

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".tif", ".tiff", ".webp")
VIDEO_SUFFIXES = (".avi", ".mp4", ".mkv", ".webm")


@dataclass(frozen=True)
class ImageDataset:
    """Images and labels of one split of a dataset.

    It has a length, and ``dataset[i]`` is the pair of an image and its label, so that it can be
    given to torch's ``DataLoader``.

    Parameters
    ----------
    images : sequence of Path, or of ndarray of shape (height, width) or (height, width, 3), uint8
        Files, which are images or videos, or the pixels themselves.
    labels : ndarray of shape (n_samples,), int64
        Class of each image, from 0.
    class_names : list of str
        Name of each class; numbers where the dataset gives no names.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle.datasets import ImageDataset
    >>> images = np.zeros((2, 8, 8), dtype=np.uint8)
    >>> dataset = ImageDataset(images, np.array([0, 1]), ["cat", "dog"])
    >>> len(dataset)
    2
    >>> image, label = dataset[1]
    >>> image.size, dataset.class_names[label]
    ((8, 8), 'dog')
    """

    images: Any
    labels: np.ndarray
    class_names: list[str]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return open_image(self.images[index]), int(self.labels[index])


def labelled_images(samples, class_names):
    """An ImageDataset of pairs of an image and the name of its class."""
    number_of = {name: label for label, name in enumerate(class_names)}
    images = [image for image, _ in samples]
    labels = np.array([number_of[name] for _, name in samples], dtype=np.int64)
    return ImageDataset(images, labels, list(class_names))


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
