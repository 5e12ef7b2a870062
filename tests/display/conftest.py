import pytest

from tests.support.two_spaces import small_turtle, two_spaces


@pytest.fixture(autouse=True)
def pyplot():
    """Matplotlib without windows; all figures are closed at the end."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


@pytest.fixture(scope="package")
def blobs():
    """Two spaces of blobs, the true clusters, and a clustering; do not change them."""
    spaces, y = two_spaces()
    return spaces, y, small_turtle().fit(spaces)
