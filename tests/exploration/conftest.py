import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets._digits import load_digit_spaces
from tests.support.two_spaces import small_turtle, two_spaces


@pytest.fixture(scope="package")
def digits():
    """Two spaces of the digits, the digits, and a clustering; not to be changed."""
    spaces, y = load_digit_spaces()
    return spaces, y, TurtleClustering(10, n_init=8, random_state=0).fit(spaces)


@pytest.fixture(scope="package")
def blobs():
    """Two spaces of blobs, the blobs, and a clustering; not to be changed."""
    spaces, y = two_spaces()
    return spaces, y, small_turtle().fit(spaces)
