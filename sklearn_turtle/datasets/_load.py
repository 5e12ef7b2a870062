"""Load a dataset by name."""

import os
from pathlib import Path

from sklearn_turtle.datasets._images import ImageDataset
from sklearn_turtle.datasets._info import DatasetInfo
from sklearn_turtle.datasets._registry import DATASETS


def load_dataset(name: str, folder: os.PathLike[str] | str, split: str) -> ImageDataset:
    """Load one split of one of the 26 datasets from its folder.

    Nothing is downloaded: ``DATASETS[name].how_to_get`` explains how to get the folder.

    Parameters
    ----------
    name : str
        Name of the dataset, a key of :data:`DATASETS`.
    folder : str or path-like
        Folder with the extracted files of this dataset only, in their original layout, at the
        top or at most two levels down.
    split : {"train", "val"}
        "train" contains the samples for fitting, including the validation part of the dataset if
        there is one. "val" contains the samples for scoring: the test part, if its labels are
        public.

    Returns
    -------
    ImageDataset
        Images, or image files, and their labels. Files are decoded when an image is accessed.

    Raises
    ------
    ValueError
        If ``name`` or ``split`` is unknown, or a file has unexpected content.
    FileNotFoundError
        If the folder does not contain the dataset, or one of its files is missing.
    ImportError
        If the package that reads the format is missing:
        ``pip install "sklearn-turtle[datasets]"``.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from pathlib import Path
    >>> from PIL import Image
    >>> from sklearn_turtle.datasets import load_dataset
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for split in ("train", "valid", "test"):
    ...         for name in ("negative", "positive"):
    ...             Path(folder, "rendered-sst2", split, name).mkdir(parents=True)
    ...             image = Image.fromarray(np.zeros((8, 8), dtype=np.uint8))
    ...             image.save(Path(folder, "rendered-sst2", split, name, "1.png"))
    ...     train = load_dataset("sst", folder, "train")
    >>> len(train), train.class_names
    (4, ['negative', 'positive'])
    """
    if name not in DATASETS:
        raise ValueError(f"unknown dataset {name!r}; choose from {', '.join(DATASETS)}.")
    if split not in ("train", "val"):
        raise ValueError(f"split={split!r} must be 'train' or 'val'.")
    info = DATASETS[name]
    root = _find_root(Path(folder), info)
    try:
        return info.read(root, split)
    except FileNotFoundError:
        # The message names the file already.
        raise
    except (ValueError, LookupError, OSError) as error:
        reason = f"{type(error).__name__}: {error}" if isinstance(error, LookupError) else error
        raise ValueError(f"{root}: cannot read {info.title}: {reason}") from error


def _find_root(folder: Path, info: DatasetInfo) -> Path:
    """Return the folder that contains the marker of a dataset."""
    for level in ("", "*/", "*/*/"):
        found = sorted(folder.glob(level + info.marker))
        if found:
            return found[0].parents[info.marker.count("/")]
    raise FileNotFoundError(
        f"{folder}: {info.title} not found, since {info.marker!r} is missing. {info.how_to_get}"
    )
