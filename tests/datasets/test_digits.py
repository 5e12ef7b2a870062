"""The features of the handwritten digits."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.utils import check_random_state

from sklearn_turtle.datasets import _digits as digits
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy


@pytest.fixture(scope="module")
def loaded():
    return load_digit_spaces()


def test_shapes_and_dtypes(loaded):
    spaces, labels = loaded
    assert_array_equal(labels, load_digits().target)
    assert len(spaces) == 2
    for matrix in spaces.values():
        assert matrix.dtype == np.float32
        assert matrix.shape == (1797, digits.N_LANDMARKS)
        assert np.isfinite(matrix).all()


def test_same_features_in_every_call_and_no_global_seed(loaded):
    before = check_random_state(None).get_state()[1].copy()
    again, _ = load_digit_spaces()
    assert_array_equal(check_random_state(None).get_state()[1], before)
    for name, matrix in loaded[0].items():
        assert_array_equal(matrix, again[name])


def test_features_do_not_depend_on_the_labels(loaded, monkeypatch):
    bunch = load_digits()
    bunch.target = np.roll(bunch.target, 100)
    monkeypatch.setattr(digits, "load_digits", lambda: bunch)
    for name, matrix in load_digit_spaces()[0].items():
        assert_array_equal(matrix, loaded[0][name])


def test_each_space_tells_digits_apart(loaded):
    spaces, labels = loaded
    for matrix in spaces.values():
        clusters = KMeans(10, n_init=3, random_state=0).fit_predict(matrix)
        assert clustering_accuracy(labels, clusters) > 0.7


def test_gradient_histograms_tell_directions_apart():
    ramp = np.tile(np.linspace(0, 1, 8, dtype=np.float32), (8, 1))
    histograms = digits.gradient_histograms(np.stack([ramp, ramp.T, ramp[:, ::-1]]))
    inner_cells = histograms.reshape(3, digits.N_DIRECTIONS, 4, 4)[:, :, 1:3, 1:3].sum(axis=(2, 3))
    assert inner_cells.argmax(axis=1).tolist() == [0, 2, 4]


def test_inner_products_of_similarities_fall_with_the_distance():
    points = np.arange(600.0)[:, None]
    mapped = digits.similarities(points)
    products = mapped[0] @ mapped[[0, 100, 200, 400]].T
    assert products[0] == pytest.approx(1, abs=0.01)
    assert (np.diff(products) < 0).all()
