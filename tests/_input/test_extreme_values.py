"""Data at the limits give a result without NaN, or an error that says what is wrong."""

import numpy as np
import pytest
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from tests.support.two_spaces import small_turtle, two_spaces

SPACES, Y = two_spaces()

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
]


def assert_whole(turtle, X):
    """Fitted attributes and predictions are numbers, and fit together."""
    assert turtle.labels_.min() >= 0
    assert turtle.labels_.max() < turtle.n_clusters
    for array in (*turtle.coef_, *turtle.intercept_, turtle.loss_curve_, turtle.temperature_):
        assert np.isfinite(array).all()
    probabilities = turtle.predict_proba(X)
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    np.testing.assert_array_equal(turtle.predict(X), turtle.labels_)
    assert 0 <= turtle.score(X) <= 1


def overflowed(x, row):
    """As float16, with a value that was too large for it."""
    x = x.copy()
    x[row, 2] = 70_000
    with np.errstate(over="ignore"):
        return x.astype(np.float16)


def mapped(x, folder):
    np.save(folder / "x.npy", x)
    return np.load(folder / "x.npy", mmap_mode="r")


@pytest.mark.parametrize(
    "as_given",
    [lambda x, folder: x, lambda x, folder: torch.from_numpy(x), mapped],
    ids=["array", "tensor", "map"],
)
@pytest.mark.parametrize("row", [0, 171])
def test_float16_overflow_is_found_at_input(tmp_path, as_given, row):
    a, b = (x.astype(np.float16) for x in SPACES)
    bad = {"clip": a, "dino": as_given(overflowed(SPACES[1], row), tmp_path)}
    good = {"clip": a, "dino": b}
    message = f"infinity: space 'dino', first in row {row}.*float16 features that overflowed"
    turtle = small_turtle(max_iter=5, polish_iter=0)
    for fit in (turtle.fit, turtle.partial_fit):
        with pytest.raises(ValueError, match=message):
            fit(bad)
        assert not hasattr(turtle, "labels_")
    turtle.fit(good)
    for method in (turtle.predict, turtle.predict_proba, turtle.score, turtle.partial_fit):
        with pytest.raises(ValueError, match=message):
            method(bad)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scales", [(1e-30, 1e30), (1e30, 1e30), (1e-30, 1e-30)])
def test_extreme_scales(dtype, scales):
    X = [x.astype(dtype) * dtype(scale) for x, scale in zip(SPACES, scales, strict=True)]
    turtle = small_turtle().fit(X)
    assert_whole(turtle, X)
    assert adjusted_rand_score(Y, turtle.labels_) > 0.9
    assert_whole(small_turtle().partial_fit(X), X)


def test_scales_that_differ_from_feature_to_feature():
    scales = np.logspace(-30, 30, 12)
    X = [SPACES[0] * scales, SPACES[1]]
    assert_whole(small_turtle().fit(X), X)


@pytest.mark.parametrize("n_distinct", [1, 2, 4, 7])
def test_duplicated_rows(n_distinct):
    rows = np.arange(240) % n_distinct
    X = [x[rows] for x in SPACES]
    turtle = small_turtle()
    if n_distinct == 1:
        with pytest.raises(ValueError, match="'space0' is constant"):
            turtle.fit(X)
        return
    turtle.fit(X)
    assert_whole(turtle, X)
    for of_row in range(n_distinct):
        assert len(set(turtle.labels_[rows == of_row])) == 1


@pytest.mark.parametrize("value", [0, 1, -1e6])
def test_constant_columns_change_nothing_that_matters(value):
    constant = np.full((240, 5), value)
    X = [np.hstack([constant, x, constant]) for x in SPACES]
    turtle = small_turtle().fit(X)
    assert_whole(turtle, X)
    assert adjusted_rand_score(Y, turtle.labels_) > 0.9


def test_constant_columns_beside_which_the_others_are_nothing():
    X = [np.hstack([x, np.full((240, 1), 1e30)]) for x in SPACES]
    with pytest.raises(ValueError, match=r"'space0' is constant.* its constant features"):
        small_turtle().fit(X)


def with_outlier(size):
    a = SPACES[0].copy()
    a[17] = size
    return [a, SPACES[1]]


@pytest.mark.parametrize(("scaling", "size"), [("l1", 1e6), ("l1", 1e30), (None, 1e6)])
def test_one_giant_outlier(scaling, size):
    X = with_outlier(size)
    assert_whole(small_turtle(scaling=scaling).fit(X), X)


def test_outlier_too_large_for_products():
    with pytest.raises(ValueError, match=r"too large for products.* use scaling='l1'"):
        small_turtle(scaling=None).fit(with_outlier(1e30))


@pytest.mark.parametrize("n_samples", [20, 21, 23, 40])
def test_about_as_many_clusters_as_rows(n_samples):
    X = [x[:n_samples] for x in SPACES]
    assert_whole(small_turtle(n_clusters=20).fit(X), X)


def test_empty_clusters_are_told_of():
    X = [x[np.arange(240) % 2] for x in SPACES]
    with pytest.warns(ConvergenceWarning):
        small_turtle(n_clusters=20).fit(X)


@pytest.mark.parametrize("streamed", [False, True])
def test_rows_far_beyond_those_of_the_fit(tmp_path, streamed):
    turtle = small_turtle().fit([x * np.float32(1e-20) for x in SPACES])
    b = SPACES[1].copy()
    b[201] = 3e38 * (-1) ** np.arange(8)
    X = [SPACES[0], mapped(b, tmp_path) if streamed else b]
    for predict in (turtle.predict, turtle.predict_proba, turtle.score):
        with pytest.raises(ValueError, match=r"Row 201 of X .* too large"):
            predict(X)


def test_masked_entries_are_missing_values():
    masked = np.ma.masked_greater(SPACES[1], 1)
    with pytest.raises(ValueError, match="'space1' has masked entries"):
        small_turtle().fit([SPACES[0], masked])
    nothing_masked = np.ma.masked_greater(SPACES[1], 1e9)
    small_turtle(max_iter=2, polish_iter=0).fit([SPACES[0], nothing_masked])
