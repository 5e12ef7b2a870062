"""Folders of precomputed features, in one of two layouts.

The layout of the authors' released code has one folder per space. Methods are fitted on "train" and
scored on "val"::

    representations/SPACE/DATASET_train.npy     labels/DATASET_train.npy
    representations/SPACE/DATASET_val.npy       labels/DATASET_val.npy
    text/SPACE/DATASET.npy                      class embeddings (optional)

The other layout has one folder per dataset and no splits. Methods are fitted and scored on the same
rows, except that methods with labels are scored on held-out rows::

    DATASET/SPACE.npy                           DATASET/labels.npy
    DATASET/text/SPACE.npy                      class embeddings (optional)
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path

from sklearn_turtle.datasets import DATASETS


class Layout(ABC):
    """Names of the files in a folder of features.

    Parameters
    ----------
    folder : Path
        The folder.
    """

    splits: tuple[str, ...]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def features_file(self, space: str, dataset: str, split: str) -> Path:
        """File with the features of a dataset in a space."""

    @abstractmethod
    def labels_file(self, dataset: str, split: str) -> Path:
        """File with the classes of a dataset."""

    @abstractmethod
    def class_embeddings_file(self, space: str, dataset: str) -> Path:
        """File with the class embeddings of a dataset in a space; it may be missing."""

    @abstractmethod
    def datasets(self) -> list[str]:
        """Names of the datasets with features: those of the paper in its order, then others."""

    @abstractmethod
    def spaces(self, dataset: str) -> list[str]:
        """Names of the spaces with features of a dataset."""

    def existing_files(self, dataset: str, spaces: Sequence[str]) -> list[Path]:
        """All existing files of a dataset in some spaces."""
        files = [self.class_embeddings_file(space, dataset) for space in spaces]
        for split in self.splits:
            files.append(self.labels_file(dataset, split))
            files += [self.features_file(space, dataset, split) for space in spaces]
        return [file for file in files if file.exists()]


class ReleasedLayout(Layout):
    """One folder per space, as the authors' released code writes them."""

    splits = ("train", "val")

    def features_file(self, space: str, dataset: str, split: str) -> Path:
        return self.folder / "representations" / space / f"{dataset}_{split}.npy"

    def labels_file(self, dataset: str, split: str) -> Path:
        return self.folder / "labels" / f"{dataset}_{split}.npy"

    def class_embeddings_file(self, space: str, dataset: str) -> Path:
        return self.folder / "text" / space / f"{dataset}.npy"

    def datasets(self) -> list[str]:
        parts = [f.stem.rpartition("_") for f in self.folder.glob("representations/*/*.npy")]
        return _in_order(name for name, _, split in parts if split in self.splits)

    def spaces(self, dataset: str) -> list[str]:
        spaces = sorted(path.name for path in self.folder.glob("representations/*"))
        return [
            space
            for space in spaces
            if any(self.features_file(space, dataset, split).exists() for split in self.splits)
        ]


class FolderLayout(Layout):
    """One folder per dataset, without splits."""

    splits = ("all",)

    def features_file(self, space: str, dataset: str, split: str) -> Path:
        return self.folder / dataset / f"{space}.npy"

    def labels_file(self, dataset: str, split: str) -> Path:
        return self.folder / dataset / "labels.npy"

    def class_embeddings_file(self, space: str, dataset: str) -> Path:
        return self.folder / dataset / "text" / f"{space}.npy"

    def datasets(self) -> list[str]:
        files = self.folder.glob("*/*.npy")
        return _in_order(file.parent.name for file in files if file.stem != "labels")

    def spaces(self, dataset: str) -> list[str]:
        files = Path(self.folder, dataset).glob("*.npy")
        return sorted(file.stem for file in files if file.stem != "labels")


def find_layout(folder: os.PathLike[str] | str) -> Layout:
    """Find the layout of a folder of features.

    Parameters
    ----------
    folder : str or path-like
        The folder.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If the folder has neither layout.
    """
    folder = Path(folder)
    released = (folder / "representations").is_dir()
    layout = ReleasedLayout(folder) if released else FolderLayout(folder)
    if not layout.datasets():
        raise ValueError(
            f"{folder}: contains no features. Expected 'representations/SPACE/DATASET_train.npy' "
            "with 'labels/DATASET_train.npy', and the same for 'val'; or 'DATASET/SPACE.npy' with "
            "'DATASET/labels.npy'."
        )
    return layout


def _in_order(names: Iterable[str]) -> list[str]:
    known = list(DATASETS)
    return sorted(set(names), key=lambda n: (known.index(n) if n in known else len(known), n))
