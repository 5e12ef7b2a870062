"""Precomputed features of many datasets, in one of two layouts.

The layout of the authors' released code has folders of spaces::

    representations/SPACE/DATASET_train.npy     labels/DATASET_train.npy
    representations/SPACE/DATASET_val.npy       labels/DATASET_val.npy
    text/SPACE/DATASET.npy                      embeddings of the classes, where there are any

The other has folders of datasets, without splits, so that methods are fitted and scored on the
same rows, and those that have labels on different ones::

    DATASET/SPACE.npy                           DATASET/labels.npy
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_features, read_labels
from sklearn_turtle.datasets import DATASETS


@dataclass(frozen=True)
class Task:
    """A dataset in some spaces, as methods see it.

    Parameters
    ----------
    train, val : dict of str to array of shape (n_samples, n_features of the space)
        Features to fit on, and to score on.
    train_labels, val_labels : ndarray of shape (n_samples,)
        Their classes.
    same_rows : bool, default=False
        Whether the rows to score on are those to fit on.
    """

    train: dict
    train_labels: np.ndarray
    val: dict
    val_labels: np.ndarray
    same_rows: bool = False

    @cached_property
    def n_clusters(self):
        """Number of classes to fit on, which is all that clusterings are told."""
        return len(np.unique(self.train_labels))

    def for_labels(self, seed):
        """The task for a method that has labels, which must not be those of the rows to score on.

        Where the rows are the same, a fifth of them, drawn at random, is scored on.
        """
        if not self.same_rows:
            return self
        rows = np.arange(len(self.train_labels))
        train, val = train_test_split(rows, test_size=0.2, random_state=seed)
        return Task(
            {space: matrix[train] for space, matrix in self.train.items()},
            self.train_labels[train],
            {space: matrix[val] for space, matrix in self.val.items()},
            self.val_labels[val],
        )


class ReleasedLayout:
    """Folders of spaces, as the authors' released code writes them."""

    splits = ("train", "val")

    def __init__(self, folder):
        self.folder = folder

    def features_file(self, space, dataset, split):
        return self.folder / "representations" / space / f"{dataset}_{split}.npy"

    def labels_file(self, dataset, split):
        return self.folder / "labels" / f"{dataset}_{split}.npy"

    def class_embeddings_file(self, space, dataset):
        return self.folder / "text" / space / f"{dataset}.npy"

    def datasets(self):
        """Names of all datasets that have features, first those of the paper."""
        parts = [f.stem.rpartition("_") for f in self.folder.glob("representations/*/*.npy")]
        return _in_order(name for name, _, split in parts if split in self.splits)

    def spaces(self, dataset):
        """Names of the spaces that have features of a dataset."""
        spaces = sorted(path.name for path in self.folder.glob("representations/*"))
        return [
            space
            for space in spaces
            if any(self.features_file(space, dataset, split).exists() for split in self.splits)
        ]


class FolderLayout:
    """Folders of datasets, without splits."""

    splits = ("all",)

    def __init__(self, folder):
        self.folder = folder

    def features_file(self, space, dataset, split):
        return self.folder / dataset / f"{space}.npy"

    def labels_file(self, dataset, split):
        return self.folder / dataset / "labels.npy"

    def class_embeddings_file(self, space, dataset):
        return self.folder / dataset / "text" / f"{space}.npy"

    def datasets(self):
        """Names of all folders with features, first those of datasets of the paper."""
        files = self.folder.glob("*/*.npy")
        return _in_order(file.parent.name for file in files if file.stem != "labels")

    def spaces(self, dataset):
        """Names of the spaces of a dataset."""
        return sorted(
            f.stem for f in Path(self.folder, dataset).glob("*.npy") if f.stem != "labels"
        )


def find_layout(folder):
    """The layout of a folder of features.

    Raises
    ------
    ValueError
        If the folder has neither layout.
    """
    folder = Path(folder)
    layout = (ReleasedLayout if (folder / "representations").is_dir() else FolderLayout)(folder)
    if not layout.datasets():
        raise ValueError(
            f"{folder}: holds no features. They are expected as "
            "'representations/SPACE/DATASET_train.npy', with 'labels/DATASET_train.npy', and the "
            "same for 'val'; or as 'DATASET/SPACE.npy', with 'DATASET/labels.npy'."
        )
    return layout


def read_task(layout, dataset, spaces):
    """Read a dataset in some spaces; the features are mapped into memory.

    Raises
    ------
    FileError
        If a file is missing or malformed, or has other rows than the others. The message names
        the file.
    """
    parts = [_read_split(layout, dataset, spaces, split) for split in layout.splits]
    (train, train_labels), (val, val_labels) = parts[0], parts[-1]
    return Task(train, train_labels, val, val_labels, same_rows=len(parts) == 1)


def read_class_embeddings(layout, dataset, space, n_classes):
    """Embeddings of the classes of a dataset, of shape (n_classes, n_features).

    Raises
    ------
    FileError
        If the file is missing or malformed, or has another number of classes.
    """
    file = layout.class_embeddings_file(space, dataset)
    embeddings = np.asarray(read_features(str(file)))
    if len(embeddings) != n_classes:
        raise FileError(
            f"{file}: has {len(embeddings)} classes, but there are {n_classes} in "
            f"{layout.labels_file(dataset, layout.splits[0])}"
        )
    return embeddings


def input_files(layout, dataset, spaces):
    """All files of a dataset in some spaces that may be there."""
    files = [layout.class_embeddings_file(space, dataset) for space in spaces]
    for split in layout.splits:
        files.append(layout.labels_file(dataset, split))
        files += [layout.features_file(space, dataset, split) for space in spaces]
    return files


def _read_split(layout, dataset, spaces, split):
    labels_file = layout.labels_file(dataset, split)
    labels = read_labels(str(labels_file))
    features = {}
    for space in spaces:
        file = layout.features_file(space, dataset, split)
        features[space] = read_features(str(file))
        if len(features[space]) != len(labels):
            raise FileError(
                f"{file}: has {len(features[space])} samples, but {labels_file} has {len(labels)} "
                "labels"
            )
    return features, labels


def _in_order(names):
    known = list(DATASETS)
    return sorted(set(names), key=lambda n: (known.index(n) if n in known else len(known), n))
