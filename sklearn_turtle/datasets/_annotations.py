"""Layouts whose labels stand in, or follow from, annotation files."""

import json
import math
import random

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError
from sklearn.utils import check_random_state

from sklearn_turtle.datasets._images import ImageDataset, labeled_images

KITTI_CLASSES = ["no vehicle", "below 8 m", "8 to 20 m", "above 20 m"]
_VEHICLES = {"Car", "Van", "Truck"}


def read_cars(root, split):
    """Stanford Cars: structures in MATLAB files."""
    if split == "train":
        folder, file = "cars_train", root / "devkit" / "cars_train_annos.mat"
    else:
        folder, file = "cars_test", root / "cars_test_annos_withlabels.mat"
    annotations = np.atleast_1d(_read_mat(file)["annotations"])
    meta = _read_mat(root / "devkit" / "cars_meta.mat")
    images = [root / folder / str(name) for name in annotations["fname"]]
    labels = annotations["class"].astype(np.int64) - 1
    return ImageDataset(images, labels, [str(name) for name in meta["class_names"]])


def read_flowers(root, split):
    """Flowers-102: numbers of images in MATLAB files. Classes have numbers instead of names."""
    parts = _read_mat(root / "setid.mat")
    numbers = np.hstack(
        [parts[part] for part in (("trnid", "valid") if split == "train" else ("tstid",))]
    )
    classes = _read_mat(root / "imagelabels.mat")["labels"].astype(np.int64)
    images = [root / "jpg" / f"image_{number:05d}.jpg" for number in numbers]
    names = [str(number) for number in range(1, classes.max() + 1)]
    return ImageDataset(images, classes[numbers - 1] - 1, names)


def _read_mat(path):
    try:
        return loadmat(path, squeeze_me=True)
    except MatReadError as error:
        raise ValueError(f"{path}: {error}") from error


def read_kitti(root, split):
    """KITTI distance: how far the nearest vehicle is, of the labels of object detection.

    Of all images, four fifths are drawn for "train", from NumPy's seed 42: the authors' own draw
    was not recorded.
    """
    files = sorted((root / "training" / "label_2").glob("*.txt"))
    order = check_random_state(42).permutation(len(files))
    n_train = round(0.8 * len(files))
    samples = []
    for position in order[:n_train] if split == "train" else order[n_train:]:
        image = root / "training" / "image_2" / f"{files[position].stem}.png"
        samples.append((image, _distance_class(files[position])))
    return labeled_images(samples, KITTI_CLASSES)


def _distance_class(file):
    """Class of an image: by the depth, the 14th field of a line, of its nearest vehicle."""
    fields = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    depths = [float(of_object[13]) for of_object in fields if of_object[0] in _VEHICLES]
    nearest = min(depths, default=-math.inf)
    return KITTI_CLASSES[int(np.searchsorted([0.0, 8.0, 20.0], nearest))]


def read_clevr(root, split):
    """CLEVR counts: numbers of objects, of 2500 of the training scenes, drawn as the authors do."""
    with open(root / "scenes" / "CLEVR_train_scenes.json", encoding="utf-8") as file:
        scenes = json.load(file)["scenes"]
    drawn = random.Random(42).sample(scenes, 2500)  # noqa: S311
    samples = [
        (root / "images" / "train" / scene["image_filename"], str(len(scene["objects"])))
        for scene in (drawn[:2000] if split == "train" else drawn[2000:])
    ]
    return labeled_images(samples, [str(count) for count in range(3, 11)])
