"""Labels from annotation files."""

import pytest

from sklearn_turtle.datasets import load_dataset
from tests.support.dataset_folders import paint, write


@pytest.mark.parametrize(
    ("depths", "class_name"),
    [
        ([], "no vehicle"),
        ([7.9], "below 8 m"),
        ([8.1], "8 to 20 m"),
        ([19.9, 60.0], "8 to 20 m"),
        ([60.0, 20.1], "above 20 m"),
    ],
)
def test_kitti_label_is_distance_to_nearest_vehicle(depths, class_name, tmp_path):
    lines = [f"Van 0 0 0 0 0 9 9 1 1 1 0 1 {depth} 0" for depth in depths]
    lines.append("Pedestrian 0 0 0 0 0 9 9 1 1 1 0 1 2.0 0")
    write(tmp_path / "training" / "label_2" / "000000.txt", lines)
    paint(tmp_path / "training" / "image_2" / "000000.png", 0)
    train = load_dataset("kitti", tmp_path, "train")
    assert [train.class_names[label] for label in train.labels] == [class_name]
