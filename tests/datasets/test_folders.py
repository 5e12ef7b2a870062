"""Datasets with one folder per class."""

import numpy as np
import pytest
from sklearn.utils import check_random_state

from sklearn_turtle.datasets import load_dataset
from sklearn_turtle.datasets._folders import folder_names
from tests.support.dataset_folders import paint_folders


def test_caltech_is_drawn_as_in_the_authors_code(made_dataset):
    folder = made_dataset("caltech101")[0]
    # The authors' code draws 30 positions in the sorted list of all images, class by class.
    rows_of_second_class = np.arange(33, 66)
    drawn = check_random_state(42).choice(rows_of_second_class, size=30, replace=False)
    train = load_dataset("caltech101", folder, "train")
    names = {path.name for path in train.images if path.parent.name == "accordion"}
    assert names == {f"{row - 33:03d}.jpg" for row in drawn}


def test_too_few_images_to_draw_from(tmp_path):
    paint_folders(tmp_path / "101_ObjectCategories", ["ant"], 30)
    with pytest.raises(ValueError, match="has 30 images, but the split needs at least 31"):
        load_dataset("caltech101", tmp_path, "train")


def test_no_class_folders(tmp_path):
    with pytest.raises(ValueError, match="no class folders found"):
        folder_names(tmp_path)
