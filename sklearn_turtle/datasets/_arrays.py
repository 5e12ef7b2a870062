"""Read datasets that are distributed as pixel arrays instead of image files."""

import csv
import gzip
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from torch.utils.data import ConcatDataset

from sklearn_turtle._io._extras import import_extra
from sklearn_turtle.datasets._images import ImageDataset

FER_CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def read_cifar(
    root: Path,
    split: str,
    *,
    train: list[str],
    val: list[str],
    labels: str,
    names: tuple[str, str],
) -> ImageDataset:
    """Read the Python version of CIFAR: pickles with one row of 3 x 32 x 32 values per image.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        The split to read.
    train, val : list of str
        Files of each split.
    labels : str
        Entry of a file that contains the labels.
    names : tuple of (str, str)
        File and entry that contain the class names.

    Returns
    -------
    ImageDataset
    """
    batches = [_unpickle(root / name) for name in (train if split == "train" else val)]
    pixels = np.concatenate([batch["data"] for batch in batches]).reshape(-1, 3, 32, 32)
    targets = np.concatenate([batch[labels] for batch in batches]).astype(np.int64)
    file, entry = names
    return ImageDataset(pixels.transpose(0, 2, 3, 1), targets, list(_unpickle(root / file)[entry]))


class _ArrayUnpickler(pickle.Unpickler):
    """Unpickle arrays, numbers and strings only, since a pickle may call any function."""

    _ALLOWED = {"_reconstruct", "ndarray", "dtype", "encode", "_frombuffer"}

    def find_class(self, module: str, name: str) -> Any:
        of_numpy = module.split(".")[0] == "numpy"
        if name in self._ALLOWED and (of_numpy or (module, name) == ("_codecs", "encode")):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


def _unpickle(path: Path) -> dict[str, Any]:
    # The files were written by Python 2, whose strings are bytes.
    with open(path, "rb") as file:
        try:
            content = _ArrayUnpickler(file, encoding="latin1").load()
        except (pickle.UnpicklingError, EOFError) as error:
            raise ValueError(f"{path}: not a pickle of arrays ({error}).") from error
    if not isinstance(content, dict):
        raise ValueError(
            f"{path}: not a pickled dict of arrays, but of type {type(content).__name__}."
        )
    return content


def read_mnist(root: Path, split: str) -> ImageDataset:
    """Read MNIST from IDX files, compressed or not."""
    prefix = "train" if split == "train" else "t10k"
    labels = _read_idx(root, f"{prefix}-labels-idx1-ubyte").astype(np.int64)
    images = _read_idx(root, f"{prefix}-images-idx3-ubyte")
    return ImageDataset(images, labels, [str(digit) for digit in range(10)])


def _read_idx(root: Path, name: str) -> np.ndarray:
    path = root / name
    if path.exists():
        content = path.read_bytes()
    else:
        with gzip.open(path.with_name(f"{name}.gz"), "rb") as file:
            content = file.read()
    # The header: two zeros, the type (8 for unsigned bytes), the number of axes, their lengths.
    if content[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an IDX file of unsigned bytes.")
    n_axes = content[3]
    shape = np.frombuffer(content, dtype=">i4", count=n_axes, offset=4)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def read_stl10(root: Path, split: str) -> ImageDataset:
    """Read STL-10, with 3 x 96 x 96 bytes per image and each channel column by column."""
    prefix = "train" if split == "train" else "test"
    pixels = np.memmap(root / f"{prefix}_X.bin", dtype=np.uint8, mode="r").reshape(-1, 3, 96, 96)
    labels = np.fromfile(root / f"{prefix}_y.bin", dtype=np.uint8).astype(np.int64) - 1
    names = (root / "class_names.txt").read_text(encoding="utf-8").split()
    return ImageDataset(pixels.transpose(0, 3, 2, 1), labels, names)


def read_pcam(root: Path, split: str) -> ImageDataset:
    """Read PatchCamelyon from HDF5 files. Each image is read when it is accessed."""
    h5py = import_extra("h5py", "h5py", "datasets", "Reading this dataset")
    images, labels = [], []
    for part in ("train", "valid") if split == "train" else ("test",):
        name = f"camelyonpatch_level_2_split_{part}"
        images.append(h5py.File(root / f"{name}_x.h5", "r")["x"])
        with h5py.File(root / f"{name}_y.h5", "r") as file:
            labels.append(file["y"][()].ravel().astype(np.int64))
    return ImageDataset(ConcatDataset(images), np.concatenate(labels), ["no tumor", "tumor"])


def read_fer(root: Path, split: str) -> ImageDataset:
    """Read FER2013, a table with the 48 x 48 gray values of each image in one cell.

    "val" is the final test of the competition, "PrivateTest".
    """
    usage = "Training" if split == "train" else "PrivateTest"
    images, labels = [], []
    with open(root / "fer2013.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            if row["Usage"] == usage:
                images.append(np.array(row["pixels"].split(), dtype=np.uint8).reshape(48, 48))
                labels.append(int(row["emotion"]))
    return ImageDataset(np.stack(images), np.array(labels, dtype=np.int64), FER_CLASSES)
