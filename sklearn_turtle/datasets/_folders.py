"""Layouts with a folder of images for each class."""

import random

import numpy as np
from sklearn.utils import check_random_state

from sklearn_turtle._io._images import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from sklearn_turtle.datasets._images import labeled_images


def read_folders(root, split, *, train, val):
    """Images of splits that have folders of their own.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        Which split to read.
    train, val : list of str
        Folders that make up the split; each has a folder a class.

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


def read_drawn(root, split, *, folder, draw):
    """Images of a dataset without splits, which are drawn within each class.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        Which split to read.
    folder : str
        Has a folder a class.
    draw : callable
        Of the numbers of images of the classes, makes the positions of the images of "train" and
        of "val" in each class.

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


def draw_first(sizes, *, n_train, n_val=None):
    """In each class ``n_train`` rows and ``n_val`` others, or all others, from NumPy's seed 42.

    So the authors' code draws the splits of Caltech-101 and EuroSAT.
    """
    for size in sizes:
        _check_size(size, n_train + (n_val or 1))
        order = check_random_state(42).permutation(size)
        val = order[n_train:] if n_val is None else order[n_train : n_train + n_val]
        yield {"train": order[:n_train], "val": val}


def draw_shares(sizes, *, train):
    """In each class a share for "train" and the others for "val", shuffled from Python's seed 42.

    So the authors' code draws the splits of RESISC45.
    """
    generator = random.Random(42)  # noqa: S311
    for size in sizes:
        order = list(range(size))
        generator.shuffle(order)
        n_train = int(train * size)
        yield {"train": order[:n_train], "val": order[n_train:]}


def draw_few(sizes, *, n_val):
    """In each class ``n_val`` rows for "val" and the others for "train", from Python's seed 0."""
    generator = random.Random(0)  # noqa: S311
    for size in sizes:
        _check_size(size, n_val + 1)
        val = sorted(generator.sample(range(size), n_val))
        yield {"train": np.setdiff1d(np.arange(size), val), "val": val}


def folder_names(folder):
    """Names of the folders in a folder, sorted."""
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    if not names:
        raise ValueError(f"{folder}: holds no folder of a class.")
    return names


def files_of(folder):
    """Images and videos in a folder, sorted."""
    suffixes = (*IMAGE_SUFFIXES, *VIDEO_SUFFIXES)
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes)


def _check_size(size, n_needed):
    if size < n_needed:
        raise ValueError(f"a class has {size} images, but the split takes at least {n_needed}.")
