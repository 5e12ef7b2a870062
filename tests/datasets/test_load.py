"""Each of the 26 datasets is read from a folder of the layout in which it is distributed."""

import pickle
import shutil
import tarfile

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.utils import check_random_state
from torch.utils.data import DataLoader

from sklearn_turtle._io._images import middle_frame, open_image
from sklearn_turtle.datasets import DATASETS, ImageDataset, extract_archives, load_dataset
from tests.support.dataset_folders import (
    GRAY_OF_CLASS,
    MAKERS,
    film,
    mnist,
    paint,
    paint_folders,
    write,
)

SPLITS = ("train", "val")


def test_registry_has_the_26_datasets():
    assert list(DATASETS) == list(MAKERS)
    assert len(DATASETS) == 26
    for name, info in DATASETS.items():
        assert info.name == name
        assert info.source.startswith(("https://", "http://"))
        assert info.how_to_get.endswith(".")
        assert 2 <= info.n_classes <= min(info.n_train, info.n_val)


@pytest.mark.parametrize("name", DATASETS)
def test_reads_what_is_distributed(name, tmp_path):
    class_names, *sizes = MAKERS[name](tmp_path / "below")
    for split, expected in zip(SPLITS, sizes, strict=True):
        dataset = load_dataset(name, tmp_path, split)
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
def test_drawn_splits_are_apart_and_always_the_same(name, tmp_path):
    MAKERS[name](tmp_path / "data")
    train, val = (load_dataset(name, tmp_path, split).images for split in SPLITS)
    assert not set(train) & set(val)
    assert len(set(train)) == len(train)
    assert load_dataset(name, tmp_path, "val").images == val


def test_caltech_is_drawn_as_the_authors_draw(tmp_path):
    MAKERS["caltech101"](tmp_path / "data")
    # the authors choose 30 positions in the sorted list of all images, class by class
    rows_of_second_class = np.arange(33, 66)
    chosen = check_random_state(42).choice(rows_of_second_class, size=30, replace=False)
    train = load_dataset("caltech101", tmp_path, "train")
    names = {path.name for path in train.images if path.parent.name == "accordion"}
    assert names == {f"{row - 33:03d}.jpg" for row in chosen}


def test_images_can_be_loaded_in_batches(tmp_path):
    MAKERS["mnist"](tmp_path / "data")
    dataset = load_dataset("mnist", tmp_path, "train")
    loader = DataLoader(
        dataset, batch_size=3, collate_fn=lambda pairs: [label for _, label in pairs]
    )
    assert [label for batch in loader for label in batch] == dataset.labels.tolist()


def test_compressed_idx_files_are_the_same(tmp_path):
    mnist(tmp_path / "plain" / "data")
    mnist(tmp_path / "packed" / "data", compressed=True)
    for split in SPLITS:
        plain, packed = (load_dataset("mnist", tmp_path / f, split) for f in ("plain", "packed"))
        assert_array_equal(plain.images, packed.images)
        assert_array_equal(plain.labels, packed.labels)


def test_stl_images_stand_upright(tmp_path):
    # the file holds each channel column by column
    MAKERS["stl10"](tmp_path)
    image = np.zeros((96, 96, 3), dtype=np.uint8)
    image[10, 50] = [1, 2, 3]
    image.transpose(2, 1, 0).tofile(tmp_path / "test_X.bin")
    np.array([1], dtype=np.uint8).tofile(tmp_path / "test_y.bin")
    assert_array_equal(np.asarray(load_dataset("stl10", tmp_path, "val")[0][0]), image)


def test_cifar_images_stand_upright(tmp_path):
    MAKERS["cifar100"](tmp_path / "data")
    image = np.zeros((32, 32, 3), dtype=np.uint8)
    image[10, 20] = [1, 2, 3]
    batch = {"data": image.transpose(2, 0, 1).reshape(1, -1), "fine_labels": [1]}
    (tmp_path / "data" / "test").write_bytes(pickle.dumps(batch))
    assert_array_equal(np.asarray(load_dataset("cifar100", tmp_path, "val")[0][0]), image)


def test_frames_that_were_extracted_before_are_taken(tmp_path):
    MAKERS["ucf101"](tmp_path)
    folder = tmp_path / "UCF-101" / "Biking"
    paint(folder / "v_Biking_g00_c01.jpg", 1)
    suffixes = {path.stem: path.suffix for path in load_dataset("ucf101", tmp_path, "val").images}
    assert suffixes == {"v_Archery_g00_c01": ".avi", "v_Biking_g00_c01": ".jpg"}


@pytest.mark.parametrize("n_frames", [1, 4, 7])
def test_middle_frame(tmp_path, n_frames):
    film(tmp_path / "video.avi", 3, n_frames)
    assert round(np.median(np.asarray(middle_frame(tmp_path / "video.avi"))) / GRAY_OF_CLASS) == 3


class TestArchives:
    def test_tar_and_gz(self, tmp_path):
        paint_folders(tmp_path / "source" / "NWPU-RESISC45", ["airplane", "airport"], 5)
        with tarfile.open(tmp_path / "images.tar.gz", "w:gz") as archive:
            archive.add(tmp_path / "source" / "NWPU-RESISC45", "NWPU-RESISC45")
        shutil.rmtree(tmp_path / "source")
        mnist(tmp_path / "digits", compressed=True)
        assert extract_archives(tmp_path) == [tmp_path / "images.tar.gz"]
        assert len(load_dataset("resisc45", tmp_path, "train")) == 8
        assert len(extract_archives(tmp_path / "digits")) == 4
        for path in (tmp_path / "digits").glob("*.gz"):
            path.unlink()
        assert len(load_dataset("mnist", tmp_path / "digits", "val")) == 2

    def test_members_outside_of_the_folder_are_refused(self, tmp_path):
        write(tmp_path / "secret.txt", ["mine"])
        (tmp_path / "data").mkdir()
        with tarfile.open(tmp_path / "data" / "images.tar", "w") as archive:
            archive.add(tmp_path / "secret.txt", "../stolen.txt")
        with pytest.raises(ValueError, match=r"images\.tar: cannot be extracted"):
            extract_archives(tmp_path / "data")
        assert not (tmp_path / "stolen.txt").exists()

    def test_no_archive(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="holds no archive"):
            extract_archives(tmp_path)


class TestErrors:
    def test_unknown_dataset_and_split(self, tmp_path):
        with pytest.raises(ValueError, match="name='cifar11' is none of the datasets: food101,"):
            load_dataset("cifar11", tmp_path, "train")
        with pytest.raises(ValueError, match="split='test' must be 'train' or 'val'"):
            load_dataset("cifar10", tmp_path, "test")

    def test_missing_dataset_says_how_to_get_it(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"'fer2013\.csv' is not there\. Download"):
            load_dataset("fer2013", tmp_path, "train")

    def test_missing_file_is_named(self, tmp_path):
        MAKERS["dtd"](tmp_path)
        (tmp_path / "labels" / "val1.txt").unlink()
        with pytest.raises(FileNotFoundError, match=r"val1\.txt"):
            load_dataset("dtd", tmp_path, "train")

    def test_pickles_that_carry_code_are_refused(self, tmp_path):
        class Harmful:
            def __reduce__(self):
                return print, ("run",)

        MAKERS["cifar10"](tmp_path / "data")
        (tmp_path / "data" / "test_batch").write_bytes(pickle.dumps(Harmful()))
        with pytest.raises(
            ValueError, match=r"test_batch: is no pickle of arrays .*builtins.print"
        ):
            load_dataset("cifar10", tmp_path, "val")

    def test_files_of_another_kind(self, tmp_path):
        MAKERS["mnist"](tmp_path / "data")
        (tmp_path / "data" / "t10k-labels-idx1-ubyte").write_bytes(b"nonsense")
        with pytest.raises(ValueError, match=r"MNIST in .* cannot be read: .* is no IDX file"):
            load_dataset("mnist", tmp_path, "val")
        MAKERS["hatefulmemes"](tmp_path / "memes")
        write(tmp_path / "memes" / "dev.jsonl", ['{"img": "img/1.png"}'])
        with pytest.raises(ValueError, match=r"Hateful Memes in .* cannot be read: KeyError"):
            load_dataset("hatefulmemes", tmp_path / "memes", "val")

    @pytest.mark.parametrize(
        ("name", "file"),
        [
            ("flowers", "setid.mat"),
            ("pcam", "camelyonpatch_level_2_split_train_y.h5"),
            ("clevr", "scenes/CLEVR_train_scenes.json"),
            ("fer2013", "fer2013.csv"),
        ],
    )
    def test_damaged_files(self, name, file, tmp_path):
        MAKERS[name](tmp_path / "data")
        (tmp_path / "data" / file).write_bytes(b"Usage\nTraining\n")
        with pytest.raises(ValueError, match=f"{DATASETS[name].title} in .* cannot be read: "):
            load_dataset(name, tmp_path, "train")

    def test_too_few_images_to_draw_from(self, tmp_path):
        paint_folders(tmp_path / "101_ObjectCategories", ["ant"], 30)
        with pytest.raises(ValueError, match="has 30 images, but the split takes at least 31"):
            load_dataset("caltech101", tmp_path, "train")

    def test_missing_package(self, tmp_path, monkeypatch):
        MAKERS["pcam"](tmp_path / "data")

        def without_extras(module):
            raise ImportError(module)

        monkeypatch.setattr("sklearn_turtle._io._extras.import_module", without_extras)
        with pytest.raises(ImportError, match="needs h5py: pip install h5py"):
            load_dataset("pcam", tmp_path, "train")
        with pytest.raises(ImportError, match="needs pillow: pip install pillow"):
            open_image(np.zeros((2, 2), dtype=np.uint8))


def test_dataset_of_pixels():
    dataset = ImageDataset(np.full((1, 4, 4), 7, dtype=np.uint8), np.array([0]), ["seven"])
    assert_array_equal(np.asarray(dataset[0][0]), np.full((4, 4, 3), 7))
