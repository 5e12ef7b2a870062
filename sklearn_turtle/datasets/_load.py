"""Reading a dataset by its name."""

from pathlib import Path

from sklearn_turtle.datasets._registry import DATASETS


def load_dataset(name, folder, split):
    """Read one split of one of the 26 datasets from its folder.

    Nothing is downloaded: ``DATASETS[name].how_to_get`` says how to get the folder.

    Parameters
    ----------
    name : str
        Name of the dataset, a key of :data:`DATASETS`.
    folder : str or Path
        Holds this dataset and no other, as it is distributed, extracted; at its top or at most
        two levels down.
    split : {"train", "val"}
        "train" is what methods are fitted on, with the validation part where a dataset has one;
        "val" what they are scored on: the test part where its labels are public.

    Returns
    -------
    ImageDataset
        Images, or files of images, and labels. Nothing is decoded before an image is asked for.

    Raises
    ------
    ValueError
        If there is no such dataset or split, or if a file does not hold what it should.
    FileNotFoundError
        If the folder does not hold the dataset, or a file of it is missing.
    ImportError
        If a package is missing that reads the format: ``pip install "sklearn-turtle[datasets]"``.

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
        raise ValueError(f"name={name!r} is none of the datasets: {', '.join(DATASETS)}.")
    if split not in ("train", "val"):
        raise ValueError(f"split={split!r} must be 'train' or 'val'.")
    info = DATASETS[name]
    root = _find_root(Path(folder), info)
    try:
        return info.read(root, split)
    except FileNotFoundError:  # which names the file
        raise
    except (ValueError, LookupError, OSError) as error:
        reason = f"{type(error).__name__}: {error}" if isinstance(error, LookupError) else error
        raise ValueError(f"{info.title} in {root} cannot be read: {reason}") from error


def _find_root(folder, info):
    """The folder that holds the file or folder by which a dataset is known."""
    for level in ("", "*/", "*/*/"):
        found = sorted(folder.glob(level + info.marker))
        if found:
            return found[0].parents[info.marker.count("/")]
    raise FileNotFoundError(
        f"{folder}: does not hold {info.title}; {info.marker!r} is not there. {info.how_to_get}"
    )
