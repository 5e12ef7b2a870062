"""Read a dataset as the methods of a benchmark receive it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_features, read_labels
from sklearn_turtle.paper.benchmark._layouts import Layout


@dataclass(frozen=True)
class Task:
    """A dataset in some spaces: the rows to fit on and the rows to score on.

    Parameters
    ----------
    train, val : dict of str to array of shape (n_samples, n_features of the space)
        Features to fit on, and features to score on.
    train_labels, val_labels : ndarray of shape (n_samples,)
        Their classes.
    same_rows : bool, default=False
        True if the two are the same rows.
    """

    train: dict[str, Any]
    train_labels: np.ndarray
    val: dict[str, Any]
    val_labels: np.ndarray
    same_rows: bool = False

    @cached_property
    def n_clusters(self) -> int:
        """Number of classes of the rows to fit on: the only information that clusterings get."""
        return len(np.unique(self.train_labels))

    def for_labels(self, seed: int) -> "Task":
        """The task for a method with labels, which must be scored on other rows.

        If the two are the same rows, a random fifth of them is held out to score on.
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


def read_task(layout: Layout, dataset: str, spaces: Sequence[str]) -> Task:
    """Read a dataset in some spaces; the features are mapped into memory.

    Parameters
    ----------
    layout : Layout
        Names of the files.
    dataset : str
        Name of the dataset.
    spaces : sequence of str
        Names of the spaces.

    Returns
    -------
    Task

    Raises
    ------
    FileError
        If a file is missing or malformed, or if its number of rows differs from the number of
        labels.
    """
    parts = [_read_split(layout, dataset, spaces, split) for split in layout.splits]
    (train, train_labels), (val, val_labels) = parts[0], parts[-1]
    return Task(train, train_labels, val, val_labels, same_rows=len(parts) == 1)


def read_class_embeddings(layout: Layout, dataset: str, space: str, n_classes: int) -> np.ndarray:
    """Read the class embeddings of a dataset in a space.

    Parameters
    ----------
    layout : Layout
        Names of the files.
    dataset, space : str
        Names of the dataset and of the space.
    n_classes : int
        Number of classes of the dataset.

    Returns
    -------
    ndarray of shape (n_classes, n_features)

    Raises
    ------
    FileError
        If the file is missing or malformed, or has another number of classes.
    """
    file = layout.class_embeddings_file(space, dataset)
    embeddings = np.asarray(read_features(str(file)))
    if len(embeddings) != n_classes:
        raise FileError(
            f"{file}: has {len(embeddings)} classes, but "
            f"{layout.labels_file(dataset, layout.splits[0])} has {n_classes}"
        )
    return embeddings


def _read_split(
    layout: Layout, dataset: str, spaces: Sequence[str], split: str
) -> tuple[dict[str, Any], np.ndarray]:
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
