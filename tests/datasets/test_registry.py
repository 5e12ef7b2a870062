"""The table of datasets."""

from sklearn_turtle.datasets import DATASETS
from tests.support.dataset_folders import MAKERS


def test_26_datasets():
    assert list(DATASETS) == list(MAKERS)
    assert len(DATASETS) == 26
    for name, info in DATASETS.items():
        assert info.name == name
        assert info.source.startswith(("https://", "http://"))
        assert info.how_to_get.endswith(".")
        assert 2 <= info.n_classes <= min(info.n_train, info.n_val)
