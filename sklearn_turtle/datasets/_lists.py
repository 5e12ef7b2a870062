"""Read datasets whose text files list one image per line."""

import json
from collections.abc import Callable
from pathlib import Path

from sklearn_turtle.datasets._folders import folder_names, read_folders
from sklearn_turtle.datasets._images import ImageDataset, labeled_images


def read_lists(
    root: Path,
    split: str,
    *,
    train: list[str],
    val: list[str],
    parse: Callable[[str], tuple[str, str] | None],
    class_names: list[str] | None = None,
) -> ImageDataset:
    """Read a dataset whose splits are lists of images.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        The split to read.
    train, val : list of str
        Lists that make up each split.
    parse : callable
        Takes a line and returns the path of the image within ``root`` and the name of its class,
        or None if the line is not an image.
    class_names : list of str or None, default=None
        Names of the classes in order. None for the sorted names in the lists.

    Returns
    -------
    ImageDataset
    """
    samples = [
        [
            sample
            for name in names
            for line in (root / name).read_text(encoding="utf-8").splitlines()
            if line.strip() and (sample := parse(line.strip())) is not None
        ]
        for names in (train, val)
    ]
    if class_names is None:
        class_names = sorted({name for of_split in samples for _, name in of_split})
    of_split = samples[split == "val"]
    return labeled_images([(root / image, name) for image, name in of_split], class_names)


def parse_class_folder(line: str, *, image: str) -> tuple[str, str]:
    """Parse ``class/file``, a line of Food-101 and DTD."""
    return image.format(line), line.partition("/")[0]


def parse_sun(line: str) -> tuple[str, str]:
    """Parse ``/a/abbey/file``. The folder of the first letter is not part of the class name."""
    folders = line.strip("/").split("/")
    return line.strip("/"), "/".join(folders[1:-1])


def parse_aircraft(line: str) -> tuple[str, str]:
    """Parse ``number variant``. The name of a variant may contain spaces."""
    number, _, variant = line.partition(" ")
    return f"data/images/{number}.jpg", variant


def parse_pet(line: str) -> tuple[str, str] | None:
    """Parse ``breed_number class species breed``. A hash starts a comment."""
    if line.startswith("#"):
        return None
    stem = line.split()[0]
    return f"images/{stem}.jpg", stem.rpartition("_")[0]


def parse_meme(line: str) -> tuple[str, str]:
    """Parse a JSON object with the entries ``img`` and ``label``."""
    meme = json.loads(line)
    return meme["img"], MEME_CLASSES[meme["label"]]


MEME_CLASSES = ["not hateful", "hateful"]


def read_ucf(root: Path, split: str) -> ImageDataset:
    """Read the first of the three splits of UCF101.

    If a ``.jpg`` file lies next to a video, it is used as the middle frame. Otherwise, the frame
    is decoded when the image is accessed.
    """

    def parse(line: str) -> tuple[str, str]:
        video = line.split()[0]
        frame = f"UCF-101/{video.removesuffix('.avi')}.jpg"
        image = frame if (root / frame).exists() else f"UCF-101/{video}"
        return image, video.partition("/")[0]

    return read_lists(
        root,
        split,
        train=["ucfTrainTestlist/trainlist01.txt"],
        val=["ucfTrainTestlist/testlist01.txt"],
        parse=parse,
    )


def read_gtsrb(root: Path, split: str) -> ImageDataset:
    """Read GTSRB: class folders for training, a table of classes for testing."""
    if split == "train":
        return read_folders(root, split, train=["GTSRB/Training"], val=[])

    def parse(line: str) -> tuple[str, str] | None:
        cells = line.split(";")
        if cells[0] == "Filename":
            return None
        return f"GTSRB/Final_Test/Images/{cells[0]}", f"{int(cells[-1]):05d}"

    return read_lists(
        root,
        split,
        train=[],
        val=["GT-final_test.csv"],
        parse=parse,
        class_names=folder_names(root / "GTSRB" / "Training"),
    )
