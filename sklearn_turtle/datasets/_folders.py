"""Read datasets with one folder of images per class."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from sklearn_turtle._io._images import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from sklearn_turtle.datasets._images import ImageDataset, labeled_images


def read_folders(root: Path, split: str, *, train: list[str], val: list[str]) -> ImageDataset:
    """Read a dataset whose splits have folders of their own.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        The split to read.
    train, val : list of str
        Folders that make up each split. Each has one folder per class.

    Returns
    -------
    ImageDataset
    """
    class_names = folder_names(root / train[0])
    samples = [
        (path, name)
        for part in (train if split == "train" else val)
        for name in class_names
        for path in files_of(root / part / name)
    ]
    return labeled_images(samples, class_names)


def read_drawn(
    root: Path,
    split: str,
    *,
    folder: str,
    draw: Callable[[list[int]], Iterable[Mapping[str, Any]]],
) -> ImageDataset:
    """Read a dataset without splits; they are drawn within each class.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        The split to read.
    folder : str
        Folder with one folder per class.
    draw : callable
        Takes the number of images of each class and yields, for each class, a dict with the
        positions of the images of "train" and "val".

    Returns
    -------
    ImageDataset
    """
    class_names = folder_names(root / folder)
    files = [files_of(root / folder / name) for name in class_names]
    drawn = draw([len(of_class) for of_class in files])
    samples = [
        (of_class[position], name)
        for name, of_class, positions in zip(class_names, files, drawn, strict=True)
        for position in positions[split]
    ]
    return labeled_images(samples, class_names)


def draw_first(
    sizes: Sequence[int], *, n_train: int, n_val: int | None = None
) -> Iterable[dict[str, np.ndarray]]:
    """Draw ``n_train`` and ``n_val`` images of each class with NumPy's seed 42.

    If ``n_val`` is None, "val" gets all images that are not in "train". The authors' code draws
    the splits of Caltech-101 and EuroSAT in this way.
    """
    for size in sizes:
        _check_size(size, n_train + (n_val or 1))
        order = check_random_state(42).permutation(size)
        val = order[n_train:] if n_val is None else order[n_train : n_train + n_val]
        yield {"train": order[:n_train], "val": val}


def draw_shares(sizes: Sequence[int], *, train: float) -> Iterable[dict[str, list[int]]]:
    """Shuffle each class with Python's seed 42; the share ``train`` is "train", the rest "val".

    The authors' code draws the splits of RESISC45 in this way.
    """
    generator = random.Random(42)  # noqa: S311
    for size in sizes:
        order = list(range(size))
        generator.shuffle(order)
        n_train = int(train * size)
        yield {"train": order[:n_train], "val": order[n_train:]}


def draw_few(sizes: Sequence[int], *, n_val: int) -> Iterable[dict[str, Any]]:
    """Draw ``n_val`` images of each class for "val" with Python's seed 0; the rest is "train"."""
    generator = random.Random(0)  # noqa: S311
    for size in sizes:
        _check_size(size, n_val + 1)
        val = sorted(generator.sample(range(size), n_val))
        yield {"train": np.setdiff1d(np.arange(size), val), "val": val}


def folder_names(folder: Path) -> list[str]:
    """Return the sorted names of the folders in a folder."""
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    if not names:
        raise ValueError(f"{folder}: no class folders found.")
    return names


def files_of(folder: Path) -> list[Path]:
    """Return the sorted images and videos in a folder."""
    suffixes = (*IMAGE_SUFFIXES, *VIDEO_SUFFIXES)
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes)


def _check_size(size: int, n_needed: int) -> None:
    if size < n_needed:
        raise ValueError(f"a class has {size} images, but the split needs at least {n_needed}.")
