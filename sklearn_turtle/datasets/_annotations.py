"""Read datasets whose labels come from annotation files."""

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError
from sklearn.utils import check_random_state

from sklearn_turtle.datasets._images import ImageDataset, labeled_images

KITTI_CLASSES = ["no vehicle", "below 8 m", "8 to 20 m", "above 20 m"]
_VEHICLES = {"Car", "Van", "Truck"}


def read_cars(root: Path, split: str) -> ImageDataset:
    """Read Stanford Cars, annotated in MATLAB structures."""
    if split == "train":
        folder, file = "cars_train", root / "devkit" / "cars_train_annos.mat"
    else:
        folder, file = "cars_test", root / "cars_test_annos_withlabels.mat"
    annotations = np.atleast_1d(_read_mat(file)["annotations"])
    meta = _read_mat(root / "devkit" / "cars_meta.mat")
    images = [root / folder / str(name) for name in annotations["fname"]]
    labels = annotations["class"].astype(np.int64) - 1
    return ImageDataset(images, labels, [str(name) for name in meta["class_names"]])


def read_flowers(root: Path, split: str) -> ImageDataset:
    """Read Flowers-102, whose MATLAB files list image numbers. Classes are named by number."""
    parts = _read_mat(root / "setid.mat")
    numbers = np.hstack(
        [parts[part] for part in (("trnid", "valid") if split == "train" else ("tstid",))]
    )
    classes = _read_mat(root / "imagelabels.mat")["labels"].astype(np.int64)
    images = [root / "jpg" / f"image_{number:05d}.jpg" for number in numbers]
    names = [str(number) for number in range(1, classes.max() + 1)]
    return ImageDataset(images, classes[numbers - 1] - 1, names)


def _read_mat(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = loadmat(path, squeeze_me=True)
    except MatReadError as error:
        raise ValueError(f"{path}: {error}") from error
    return content


def read_kitti(root: Path, split: str) -> ImageDataset:
    """Read KITTI, labeled by the distance to the nearest vehicle.

    The distance comes from the annotations for object detection. Four fifths of the images are
    drawn for "train" with NumPy's seed 42; the draw of the authors is not on record.
    """
    files = sorted((root / "training" / "label_2").glob("*.txt"))
    order = check_random_state(42).permutation(len(files))
    n_train = round(0.8 * len(files))
    samples = []
    for position in order[:n_train] if split == "train" else order[n_train:]:
        image = root / "training" / "image_2" / f"{files[position].stem}.png"
        samples.append((image, _distance_class(files[position])))
    return labeled_images(samples, KITTI_CLASSES)


def _distance_class(file: Path) -> str:
    """Return the class of an image, given by the depth of its nearest vehicle."""
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    # one object per line: field 1 is its kind, field 14 its depth
    depths = [float(fields[13]) for fields in lines if fields[0] in _VEHICLES]
    nearest = min(depths, default=-math.inf)
    return KITTI_CLASSES[int(np.searchsorted([0.0, 8.0, 20.0], nearest))]


def read_clevr(root: Path, split: str) -> ImageDataset:
    """Read CLEVR, labeled by the number of objects.

    The dataset is 2500 training scenes, drawn as in the authors' code.
    """
    with open(root / "scenes" / "CLEVR_train_scenes.json", encoding="utf-8") as file:
        scenes = json.load(file)["scenes"]
    drawn = random.Random(42).sample(scenes, 2500)  # noqa: S311
    samples = [
        (root / "images" / "train" / scene["image_filename"], str(len(scene["objects"])))
        for scene in (drawn[:2000] if split == "train" else drawn[2000:])
    ]
    return labeled_images(samples, [str(count) for count in range(3, 11)])
