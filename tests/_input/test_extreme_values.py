"""Extreme data lead to a result without NaN or to an error that names the problem."""

import numpy as np
import pytest
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from tests.support.containers import mapped
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, Y = two_spaces()

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:The restarts hardly agree"),
]


def quick_turtle(**parameters):
    """An estimator that finds the blobs in a few steps."""
    return small_turtle(**{"n_init": 4, "max_iter": 60, "polish_iter": 10, **parameters})


def assert_whole(turtle, X):
    """Fitted attributes and predictions are finite and consistent."""
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
    """Convert to float16, with a value that overflows."""
    x = x.copy()
    x[row, 2] = 70_000
    with np.errstate(over="ignore"):
        return x.astype(np.float16)


@pytest.fixture(scope="module")
def fitted_to_float16():
    a, b = (x.astype(np.float16) for x in SPACES)
    return small_turtle(max_iter=5, polish_iter=0).fit({"clip": a, "dino": b})


@pytest.mark.parametrize(
    "as_given",
    [lambda x, folder: x, lambda x, folder: torch.from_numpy(x), mapped],
    ids=["array", "tensor", "map"],
)
@pytest.mark.parametrize("row", [0, 171])
def test_float16_overflow_is_found_at_input(tmp_path, fitted_to_float16, as_given, row):
    bad = {
        "clip": SPACES[0].astype(np.float16),
        "dino": as_given(overflowed(SPACES[1], row), tmp_path),
    }
    message = f"infinity: space 'dino', first in row {row}.*float16 features that overflowed"
    new, fitted = small_turtle(), fitted_to_float16
    for method in (
        *(new.fit, new.partial_fit),
        *(fitted.predict, fitted.predict_proba, fitted.score, fitted.partial_fit),
    ):
        with pytest.raises(ValueError, match=message):
            method(bad)
    assert not hasattr(new, "labels_")


def scaled(dtype, scales):
    return [x.astype(dtype) * dtype(scale) for x, scale in zip(SPACES, scales, strict=True)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scales", [(1e-30, 1e30), (1e30, 1e30), (1e-30, 1e-30)])
def test_extreme_scales(dtype, scales):
    X = scaled(dtype, scales)
    turtle = quick_turtle().fit(X)
    assert_whole(turtle, X)
    assert adjusted_rand_score(Y, turtle.labels_) > 0.9


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_scales_of_a_stream(dtype):
    X = scaled(dtype, (1e-30, 1e30))
    assert_whole(quick_turtle().partial_fit(X), X)


def test_scales_that_differ_between_features():
    X = [SPACES[0] * np.logspace(-30, 30, 12), SPACES[1]]
    assert_whole(quick_turtle().fit(X), X)


@pytest.mark.parametrize("n_distinct", [2, 4, 7])
def test_duplicated_rows(n_distinct):
    rows = np.arange(240) % n_distinct
    X = [x[rows] for x in SPACES]
    turtle = quick_turtle().fit(X)
    assert_whole(turtle, X)
    for row in range(n_distinct):
        assert len(set(turtle.labels_[rows == row])) == 1


def test_equal_rows():
    with pytest.raises(ValueError, match="'space0' is constant"):
        quick_turtle().fit([x[np.zeros(240, int)] for x in SPACES])


@pytest.mark.parametrize("value", [0, 1, -1e6])
def test_constant_columns_do_not_disturb_the_clusters(value):
    constant = np.full((240, 5), value)
    X = [np.hstack([constant, x, constant]) for x in SPACES]
    turtle = quick_turtle().fit(X)
    assert_whole(turtle, X)
    assert adjusted_rand_score(Y, turtle.labels_) > 0.9


def test_a_constant_column_that_hides_all_others():
    X = [np.hstack([x, np.full((240, 1), 1e30)]) for x in SPACES]
    with pytest.raises(ValueError, match=r"'space0' is constant.* its constant features"):
        quick_turtle().fit(X)


def with_outlier(size):
    a = SPACES[0].copy()
    a[17] = size
    return [a, SPACES[1]]


@pytest.mark.parametrize(("scaling", "size"), [("l1", 1e6), ("l1", 1e30), (None, 1e6)])
def test_one_giant_outlier(scaling, size):
    X = with_outlier(size)
    assert_whole(quick_turtle(scaling=scaling).fit(X), X)


def test_an_outlier_too_large_for_products():
    with pytest.raises(ValueError, match=r"too large for products.* use scaling='l1'"):
        quick_turtle(scaling=None).fit(with_outlier(1e30))


@pytest.mark.parametrize("n_samples", [20, 21, 40])
def test_nearly_as_many_clusters_as_rows(n_samples):
    X = [x[:n_samples] for x in SPACES]
    assert_whole(quick_turtle(n_clusters=20).fit(X), X)


def test_empty_clusters_cause_a_warning():
    X = [x[np.arange(240) % 2] for x in SPACES]
    with pytest.warns(ConvergenceWarning):
        quick_turtle(n_clusters=20).fit(X)


@pytest.mark.parametrize("streamed", [False, True])
def test_rows_much_larger_than_those_of_the_fit(tmp_path, streamed):
    turtle = quick_turtle().fit([x * np.float32(1e-20) for x in SPACES])
    b = SPACES[1].copy()
    b[201] = 3e38 * (-1) ** np.arange(8)
    X = [SPACES[0], mapped(b, tmp_path) if streamed else b]
    for predict in (turtle.predict, turtle.predict_proba, turtle.score):
        with pytest.raises(ValueError, match=r"Row 201 of X .* too large"):
            predict(X)


def test_masked_entries_are_missing_values():
    masked = np.ma.masked_greater(SPACES[1], 1)
    with pytest.raises(ValueError, match="'space1' has masked entries"):
        quick_turtle().fit([SPACES[0], masked])
    nothing_masked = np.ma.masked_greater(SPACES[1], 1e9)
    quick_turtle(max_iter=2, polish_iter=0).fit([SPACES[0], nothing_masked])
