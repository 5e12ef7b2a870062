"""Feature spaces of the handwritten digits."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.utils import Bunch, check_random_state

from sklearn_turtle.datasets import _digits as digits
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy


@pytest.fixture(scope="module")
def loaded():
    return load_digit_spaces()


def test_shapes_and_dtypes(loaded):
    spaces, labels = loaded
    assert_array_equal(labels, load_digits().target)
    assert list(spaces) == ["gradients", "filters"]
    for matrix in spaces.values():
        assert matrix.dtype == np.float32
        assert matrix.shape == (1797, digits.N_LANDMARKS)
        assert np.isfinite(matrix).all()


def test_features_are_reproducible_and_ignore_the_labels(monkeypatch):
    few = Bunch(images=load_digits().images[:500], target=np.arange(500))
    monkeypatch.setattr(digits, "load_digits", lambda: few)
    global_state = check_random_state(None).get_state()[1].copy()
    first, _ = load_digit_spaces()
    few.target = np.zeros(500)
    second, _ = load_digit_spaces()
    assert_array_equal(check_random_state(None).get_state()[1], global_state)
    for name, matrix in first.items():
        assert_array_equal(matrix, second[name])


def test_each_space_separates_the_digits(loaded):
    spaces, labels = loaded
    for matrix in spaces.values():
        clusters = KMeans(10, n_init=3, random_state=0).fit_predict(matrix)
        assert clustering_accuracy(labels, clusters) > 0.7


def test_gradient_histograms_separate_directions():
    ramp = np.tile(np.linspace(0, 1, 8, dtype=np.float32), (8, 1))
    histograms = digits.gradient_histograms(np.stack([ramp, ramp.T, ramp[:, ::-1]]))
    inner_cells = histograms.reshape(3, digits.N_DIRECTIONS, 4, 4)[:, :, 1:3, 1:3].sum(axis=(2, 3))
    assert inner_cells.argmax(axis=1).tolist() == [0, 2, 4]


def test_inner_products_of_similarities_decrease_with_distance():
    points = np.arange(600.0)[:, None]
    mapped = digits.similarities(points)
    products = mapped[0] @ mapped[[0, 100, 200, 400]].T
    assert products[0] == pytest.approx(1, abs=0.01)
    assert (np.diff(products) < 0).all()
