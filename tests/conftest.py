import os

# read by scipy when it is imported: without it scikit-learn skips its array API check
os.environ.setdefault("SCIPY_ARRAY_API", "1")

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_folder():
    """The folder of recordings and real embeddings, named by SKLEARN_TURTLE_SHARED."""
    folder = os.environ.get("SKLEARN_TURTLE_SHARED")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SKLEARN_TURTLE_SHARED does not name the folder of recordings and embeddings")
    return Path(folder)
