import pytest

from tests.support.dataset_folders import MAKERS


@pytest.fixture(scope="session")
def made_dataset(tmp_path_factory):
    """Return a function that makes the folder of a dataset once, for tests that only read it.

    It returns the folder above it, the names of the classes and the sizes of "train" and "val".
    """
    made = {}

    def make(name):
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            made[name] = folder, *MAKERS[name](folder / "data")
        return made[name]

    return make
