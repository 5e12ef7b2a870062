"""Datasets of pixel arrays."""

import pickle
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle.datasets import load_dataset
from tests.support.dataset_folders import MAKERS, mnist


def test_compressed_idx_files(tmp_path):
    mnist(tmp_path / "plain")
    mnist(tmp_path / "packed", compressed=True)
    for split in ("train", "val"):
        plain, packed = (load_dataset("mnist", tmp_path / f, split) for f in ("plain", "packed"))
        assert_array_equal(plain.images, packed.images)
        assert_array_equal(plain.labels, packed.labels)


def test_orientation_of_stl_images(tmp_path):
    MAKERS["stl10"](tmp_path)
    image = np.zeros((96, 96, 3), dtype=np.uint8)
    image[10, 50] = [1, 2, 3]
    image.transpose(2, 1, 0).tofile(tmp_path / "test_X.bin")  # each channel column by column
    np.array([1], dtype=np.uint8).tofile(tmp_path / "test_y.bin")
    assert_array_equal(np.asarray(load_dataset("stl10", tmp_path, "val")[0][0]), image)


def test_orientation_of_cifar_images(tmp_path):
    MAKERS["cifar100"](tmp_path / "data")
    image = np.zeros((32, 32, 3), dtype=np.uint8)
    image[10, 20] = [1, 2, 3]
    batch = {"data": image.transpose(2, 0, 1).reshape(1, -1), "fine_labels": [1]}
    (tmp_path / "data" / "test").write_bytes(pickle.dumps(batch))
    assert_array_equal(np.asarray(load_dataset("cifar100", tmp_path, "val")[0][0]), image)


class Harmful:
    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pickle.dumps(Harmful()), r"not a pickle of arrays \(builtins\.print is not allowed\)"),
        (pickle.dumps([1]), "not a pickled dict of arrays, but of type list"),
        (b"nonsense", "not a pickle of arrays"),
    ],
)
def test_other_content_of_a_pickle(content, message, tmp_path, capsys):
    MAKERS["cifar10"](tmp_path / "data")
    (tmp_path / "data" / "test_batch").write_bytes(content)
    with pytest.raises(ValueError, match=f"test_batch: {message}"):
        load_dataset("cifar10", tmp_path, "val")
    assert capsys.readouterr().out == ""


def test_other_content_of_an_idx_file(tmp_path):
    MAKERS["mnist"](tmp_path / "data")
    (tmp_path / "data" / "t10k-labels-idx1-ubyte").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match=r"cannot read MNIST: .*labels.*: not an IDX file"):
        load_dataset("mnist", tmp_path, "val")


def test_missing_package(made_dataset, monkeypatch):
    folder = made_dataset("pcam")[0]

    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match="needs h5py: pip install h5py"):
        load_dataset("pcam", folder, "train")
