"""Layouts with lists of images in text files, one image a line."""

import json

from sklearn_turtle.datasets._folders import folder_names, read_folders
from sklearn_turtle.datasets._images import labeled_images


def read_lists(root, split, *, train, val, parse, class_names=None):
    """Images that lists name.

    Parameters
    ----------
    root : Path
        Folder of the dataset.
    split : {"train", "val"}
        Which split to read.
    train, val : list of str
        Lists that make up the split.
    parse : callable
        Of a line, makes the image, a path within ``root``, and the name of its class; or None
        of a line that names no image.
    class_names : list of str or None, default=None
        Names of the classes in their order; None for all that the lists name, sorted.

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


def parse_class_folder(line, *, image):
    """Line ``class/file``, as of Food-101 and DTD."""
    return image.format(line), line.partition("/")[0]


def parse_sun(line):
    """Line ``/a/abbey/file``: the folder of the first letter is no part of the class."""
    folders = line.strip("/").split("/")
    return line.strip("/"), "/".join(folders[1:-1])


def parse_aircraft(line):
    """Line ``number variant``, whose name may hold spaces."""
    number, _, variant = line.partition(" ")
    return f"data/images/{number}.jpg", variant


def parse_pet(line):
    """Line ``breed_number class species breed``; a hash starts a comment."""
    if line.startswith("#"):
        return None
    stem = line.split()[0]
    return f"images/{stem}.jpg", stem.rpartition("_")[0]


def parse_meme(line):
    """A JSON object a line, with ``img`` and ``label``."""
    meme = json.loads(line)
    return meme["img"], MEME_CLASSES[meme["label"]]


MEME_CLASSES = ["not hateful", "hateful"]


def read_ucf(root, split):
    """UCF101 with the first of its three splits.

    Middle frames that were extracted before, ``.jpg`` beside the videos, are taken where they
    are; else the frame is decoded when an image is opened.
    """

    def parse(line):
        video = line.split()[0]
        frame = f"UCF-101/{video.removesuffix('.avi')}.jpg"
        image = frame if (root / frame).exists() else f"UCF-101/{video}"
        return image, video.partition("/")[0]

    lists = {
        "train": ["ucfTrainTestlist/trainlist01.txt"],
        "val": ["ucfTrainTestlist/testlist01.txt"],
    }
    return read_lists(root, split, parse=parse, **lists)


def read_gtsrb(root, split):
    """GTSRB: folders of classes for training, a table of classes for the test."""
    if split == "train":
        return read_folders(root, split, train=["GTSRB/Training"], val=[])

    def parse(line):
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
