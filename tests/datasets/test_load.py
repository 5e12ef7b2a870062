"""Loading of each dataset from a folder in its original layout."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle.datasets import DATASETS, load_dataset
from tests.support.dataset_folders import GRAY_OF_CLASS, MAKERS, write

SPLITS = ("train", "val")


@pytest.mark.parametrize("name", DATASETS)
def test_original_layout(name, made_dataset):
    folder, class_names, *sizes = made_dataset(name)
    for split, expected in zip(SPLITS, sizes, strict=True):
        dataset = load_dataset(name, folder, split)
        assert dataset.class_names == class_names
        assert dataset.labels.dtype == np.int64
        assert len(dataset) == len(dataset.images) == np.sum(expected)
        if np.ndim(expected) == 1:
            assert_array_equal(np.bincount(dataset.labels), expected)
        for index in range(min(len(dataset), 30)):
            image, label = dataset[index]
            assert image.mode == "RGB"
            assert label == dataset.labels[index]
            gray = np.median(np.asarray(image))
            assert round(gray / GRAY_OF_CLASS) == label


@pytest.mark.parametrize(
    "name", ["caltech101", "eurosat", "resisc45", "birdsnap", "kitti", "clevr"]
)
def test_drawn_splits_are_disjoint_and_reproducible(name, made_dataset):
    folder = made_dataset(name)[0]
    train, val = (load_dataset(name, folder, split).images for split in SPLITS)
    assert not set(train) & set(val)
    assert len(set(train)) == len(train)
    assert load_dataset(name, folder, "val").images == val


@pytest.mark.parametrize("levels", ["", "mnist", "mnist/data"])
def test_folder_may_lie_two_levels_down(levels, tmp_path):
    MAKERS["mnist"](tmp_path / "top" / levels)
    assert len(load_dataset("mnist", tmp_path / "top", "val")) == 2


class TestErrors:
    def test_unknown_dataset_or_split(self, tmp_path):
        with pytest.raises(ValueError, match="unknown dataset 'cifar11'; choose from food101,"):
            load_dataset("cifar11", tmp_path, "train")
        with pytest.raises(ValueError, match="split='test' must be 'train' or 'val'"):
            load_dataset("cifar10", tmp_path, "test")

    def test_missing_dataset(self, tmp_path):
        with pytest.raises(
            FileNotFoundError,
            match=r"FER2013 not found, since 'fer2013\.csv' is missing\. Download",
        ):
            load_dataset("fer2013", tmp_path, "train")

    def test_missing_file(self, tmp_path):
        MAKERS["dtd"](tmp_path)
        (tmp_path / "labels" / "val1.txt").unlink()
        with pytest.raises(FileNotFoundError, match=r"val1\.txt"):
            load_dataset("dtd", tmp_path, "train")

    def test_missing_entry(self, tmp_path):
        MAKERS["hatefulmemes"](tmp_path)
        write(tmp_path / "dev.jsonl", ['{"img": "img/1.png"}'])
        with pytest.raises(ValueError, match=": cannot read Hateful Memes: KeyError: 'label'"):
            load_dataset("hatefulmemes", tmp_path, "val")

    @pytest.mark.parametrize(
        ("name", "file"),
        [
            ("flowers", "setid.mat"),
            ("pcam", "camelyonpatch_level_2_split_train_y.h5"),
            ("kitti", "training/label_2/000000.txt"),
            ("fer2013", "fer2013.csv"),
        ],
    )
    def test_damaged_file(self, name, file, tmp_path):
        MAKERS[name](tmp_path / "data")
        (tmp_path / "data" / file).write_bytes(b"Usage\nTraining\nCar\n")
        with pytest.raises(ValueError, match=f": cannot read {DATASETS[name].title}: "):
            load_dataset(name, tmp_path, "train")

    def test_damaged_json(self, tmp_path):
        (tmp_path / "scenes").mkdir()
        (tmp_path / "scenes" / "CLEVR_train_scenes.json").write_bytes(b"Usage\nTraining\n")
        with pytest.raises(ValueError, match=": cannot read CLEVR counts: "):
            load_dataset("clevr", tmp_path, "train")
