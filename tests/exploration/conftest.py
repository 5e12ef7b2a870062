import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from tests.support.explored import blob_turtle
from tests.support.two_spaces import two_spaces


@pytest.fixture(scope="package")
def digits():
    """Two spaces of digits, the digits, and a clustering; not to be changed."""
    spaces, y = load_digit_spaces()
    spaces = {name: space[:1200] for name, space in spaces.items()}
    turtle = TurtleClustering(
        10, n_init=8, polish_iter=40, n_components=64, device="cpu", random_state=0
    )
    return spaces, y[:1200], turtle.fit(spaces)


@pytest.fixture(scope="package")
def blobs():
    """Two spaces of blobs, the blobs, and a clustering; not to be changed."""
    spaces, y = two_spaces()
    return spaces, y, blob_turtle().fit(spaces)
