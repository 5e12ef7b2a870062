"""Datasets with lists of images."""

from sklearn_turtle.datasets import load_dataset
from tests.support.dataset_folders import MAKERS, paint


def test_extracted_frames_replace_videos(tmp_path):
    MAKERS["ucf101"](tmp_path)
    folder = tmp_path / "UCF-101" / "Biking"
    paint(folder / "v_Biking_g00_c01.jpg", 1)
    suffixes = {path.stem: path.suffix for path in load_dataset("ucf101", tmp_path, "val").images}
    assert suffixes == {"v_Archery_g00_c01": ".avi", "v_Biking_g00_c01": ".jpg"}
