"""Log-odds of clusters, and the estimator as a step before others."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from sklearn_turtle import stack_spaces
from sklearn_turtle.exploration import merge_clusters
from tests.support.two_spaces import WIDTHS, clear_spaces, small_turtle

SPACES, Y = clear_spaces()
X, _ = stack_spaces(SPACES)


@pytest.fixture(scope="module")
def fitted():
    return small_turtle(spaces=WIDTHS, n_init=2, max_iter=20, polish_iter=0).fit(X)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_log_odds_of_the_probabilities(fitted, dtype):
    x = X.astype(dtype)
    probabilities, log_odds = fitted.predict_proba(x), fitted.transform(x)
    assert log_odds.dtype == probabilities.dtype == dtype
    assert log_odds.shape == (240, 4)
    np.testing.assert_allclose(1 / (1 + np.exp(-log_odds)), probabilities, atol=1e-6)
    assert np.array_equal(log_odds.argmax(1), fitted.predict(x))


def test_certain_samples(fitted):
    # the probability rounds to 1, and the log-odds are finite and still grow
    far = fitted.transform(np.stack([X[0], 4 * X[0], 1000 * X[0]]).astype(np.float32))
    assert np.isfinite(far).all()
    assert (np.diff(far.max(1)) > 0).all()


def test_a_single_cluster():
    turtle = small_turtle(n_clusters=1, n_init=1, max_iter=1, polish_iter=0).fit(X)
    assert np.isfinite(turtle.transform(X)).all()


def test_containers(fitted):
    expected = fitted.transform(X)
    np.testing.assert_array_equal(fitted.transform(SPACES), expected)
    dask_array = pytest.importorskip("dask.array")
    lazy = fitted.transform(dask_array.from_array(X, chunks=(100, -1)))
    assert isinstance(lazy, dask_array.Array)
    np.testing.assert_allclose(lazy, expected, rtol=1e-5)


def test_needs_a_fit():
    for method in (small_turtle().transform, lambda X: small_turtle().get_feature_names_out()):
        with pytest.raises(NotFittedError):
            method(X)


def test_names_and_frames(fitted):
    names = [f"turtleclustering{cluster}" for cluster in range(4)]
    assert fitted.get_feature_names_out().tolist() == names
    for container in ("pandas", "polars"):
        pytest.importorskip(container)
        turtle = small_turtle(n_init=1, max_iter=5, polish_iter=0).set_output(transform=container)
        frame = turtle.fit_transform(SPACES)
        assert list(frame.columns) == names
        np.testing.assert_array_equal(frame, turtle.set_output(transform="default").transform(X))
        assert isinstance(turtle.predict(X), np.ndarray)


def test_in_a_pipeline_and_a_union():
    turtle = small_turtle(spaces=WIDTHS)
    union = make_union(turtle, PCA(2))
    classifier = make_pipeline(union, LogisticRegression()).fit(X[::2], Y[::2])
    assert classifier.score(X[1::2], Y[1::2]) > 0.9
    assert union.get_feature_names_out()[0] == "turtleclustering__turtleclustering0"


def test_edited_clusterings(fitted):
    merged = merge_clusters(fitted, [0, 1])
    log_odds = merged.transform(X)
    np.testing.assert_allclose(
        1 / (1 + np.exp(-log_odds)), merged.predict_proba(X), rtol=1e-6, atol=1e-12
    )
    assert merged.get_feature_names_out()[-1] == "editedclustering2"
