"""Reading a dataset, and the rows that methods with labels are scored on."""

import numpy as np
import pytest

from sklearn_turtle._io._errors import FileError
from sklearn_turtle.paper.benchmark._layouts import find_layout
from sklearn_turtle.paper.benchmark._tasks import read_class_embeddings, read_task
from tests.support.feature_folders import make_dataset, save, write_dataset_folder


@pytest.fixture
def layout(folder):
    return find_layout(folder / "features")


@pytest.fixture
def own_layout(tmp_path):
    write_dataset_folder(tmp_path / "own" / "mine", *make_dataset(0)["train"])
    return find_layout(tmp_path / "own")


def test_splits(layout):
    task = read_task(layout, "cifar10", ["clip", "dino"])
    splits = make_dataset(0)
    for split, features, labels in (
        ("train", task.train, task.train_labels),
        ("val", task.val, task.val_labels),
    ):
        assert np.array_equal(labels, splits[split][1])
        for space, matrix in splits[split][0].items():
            assert np.array_equal(features[space], matrix)
    assert task.n_clusters == 3
    assert not task.same_rows
    assert task.for_labels(seed=0) is task


def test_without_splits_the_rows_are_the_same(own_layout):
    task = read_task(own_layout, "mine", ["clip"])
    assert task.same_rows
    assert len(task.train_labels) == len(task.val_labels) == 60


def test_methods_with_labels_are_scored_on_other_rows(own_layout):
    whole = read_task(own_layout, "mine", ["clip"])
    task = whole.for_labels(seed=0)
    assert (len(task.train_labels), len(task.val_labels)) == (48, 12)
    rows = np.vstack([task.train["clip"], task.val["clip"]])
    assert len(np.unique(rows, axis=0)) == 60
    other = whole.for_labels(seed=1)
    assert not np.array_equal(task.val["clip"], other.val["clip"])


def test_missing_labels(layout):
    layout.labels_file("mnist", "val").unlink()
    with pytest.raises(FileError, match=r"mnist_val\.npy: there is no such file"):
        read_task(layout, "mnist", ["clip"])


def test_other_number_of_rows(layout):
    path = layout.features_file("dino", "mnist", "val")
    save(path, np.load(path)[:-1])
    with pytest.raises(FileError, match=r"dino/mnist_val\.npy: has 29 samples, but .* has 30"):
        read_task(layout, "mnist", ["clip", "dino"])


def test_other_number_of_class_embeddings(layout):
    path = layout.class_embeddings_file("clip", "mnist")
    assert len(read_class_embeddings(layout, "mnist", "clip", 3)) == 3
    save(path, np.load(path)[:2])
    message = r"clip/mnist\.npy: has 2 classes, but .*labels/mnist_train\.npy has 3"
    with pytest.raises(FileError, match=message):
        read_class_embeddings(layout, "mnist", "clip", 3)
