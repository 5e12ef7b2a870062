"""The two layouts of a folder of features."""

import pytest

from sklearn_turtle.paper.benchmark._layouts import FolderLayout, ReleasedLayout, find_layout
from tests.support.feature_folders import make_dataset, save, write_dataset_folder


def test_released_layout(folder):
    layout = find_layout(folder / "features")
    assert isinstance(layout, ReleasedLayout)
    assert layout.datasets() == ["cifar10", "mnist"]
    assert layout.spaces("mnist") == ["clip", "dino"]
    names = {
        file.relative_to(layout.folder).as_posix()
        for file in layout.existing_files("mnist", ["clip"])
    }
    assert names == {
        "text/clip/mnist.npy",
        "labels/mnist_train.npy",
        "labels/mnist_val.npy",
        "representations/clip/mnist_train.npy",
        "representations/clip/mnist_val.npy",
    }


def test_folder_layout(tmp_path):
    features, y = make_dataset(0)["train"]
    write_dataset_folder(tmp_path / "flowers of mine", features, y)
    layout = find_layout(tmp_path)
    assert isinstance(layout, FolderLayout)
    assert layout.datasets() == ["flowers of mine"]
    assert layout.spaces("flowers of mine") == ["clip", "dino"]
    save(tmp_path / "flowers of mine" / "text" / "clip.npy", features["clip"][:3])
    assert layout.spaces("flowers of mine") == ["clip", "dino"]
    assert len(layout.existing_files("flowers of mine", ["clip", "dino"])) == 4


def test_datasets_of_the_paper_come_first(tmp_path):
    features, y = make_dataset(0)["train"]
    for name in ("b", "mnist", "a", "cifar10"):
        write_dataset_folder(tmp_path / name, features, y)
    assert find_layout(tmp_path).datasets() == ["cifar10", "mnist", "a", "b"]


def test_folder_without_features(tmp_path):
    with pytest.raises(ValueError, match="contains no features"):
        find_layout(tmp_path)
