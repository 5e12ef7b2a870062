import pytest

from tests.support.feature_folders import write_released
from tests.support.small_benchmark import DATASETS, Constant


@pytest.fixture
def folder(tmp_path):
    """A folder with ``features`` of two small datasets, in the layout of the released code."""
    write_released(tmp_path / "features", DATASETS)
    Constant.n_fits = 0
    return tmp_path
