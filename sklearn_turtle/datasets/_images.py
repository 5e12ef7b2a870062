"""Images and labels of one split of a dataset."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle._io._images import open_image


@dataclass(frozen=True)
class ImageDataset:
    """Images and labels of one split of a dataset.

    ``len(dataset)`` is the number of samples and ``dataset[i]`` is a pair of an image and its
    label, so the dataset works with torch's ``DataLoader``.

    Parameters
    ----------
    images : sequence of Path, or of ndarray of shape (height, width) or (height, width, 3), uint8
        Image or video files, or pixels.
    labels : ndarray of shape (n_samples,), int64
        Class of each image, from 0.
    class_names : list of str
        Name of each class. If the dataset does not name its classes, these are numbers.

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

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        return open_image(self.images[index]), int(self.labels[index])


def labeled_images(samples: list[tuple[Path, str]], class_names: list[str]) -> ImageDataset:
    """Make an ImageDataset from pairs of an image and the name of its class."""
    number_of = {name: label for label, name in enumerate(class_names)}
    images = [image for image, _ in samples]
    labels = np.array([number_of[name] for _, name in samples], dtype=np.int64)
    return ImageDataset(images, labels, list(class_names))
