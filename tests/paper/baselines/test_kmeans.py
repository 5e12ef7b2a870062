"""k-means on several spaces."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.model_selection import cross_val_predict
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import stack_spaces
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import SpacesKMeans
from tests.support.two_spaces import two_spaces


@parametrize_with_checks([SpacesKMeans(3)])
def test_estimator_checks(estimator, check):
    check(estimator)


def test_is_kmeans_on_unit_norms():
    spaces, y = two_spaces()
    kmeans = SpacesKMeans(4, random_state=0).fit(spaces)
    side_by_side = np.hstack([x / np.linalg.norm(x, axis=1, keepdims=True) for x in spaces])
    expected = KMeans(4, n_init=10, max_iter=1000, random_state=0).fit(side_by_side)
    assert clustering_accuracy(expected.labels_, kmeans.labels_) == 1
    assert kmeans.kmeans_.inertia_ == pytest.approx(expected.inertia_)
    assert np.array_equal(kmeans.predict(spaces), kmeans.labels_)
    assert clustering_accuracy(y, kmeans.labels_) > 0.9


def test_scale_of_a_space_does_not_matter():
    spaces, _ = two_spaces()
    labels = SpacesKMeans(4, random_state=0).fit(spaces).labels_
    scaled = SpacesKMeans(4, random_state=0).fit([1000 * spaces[0], spaces[1]]).labels_
    assert clustering_accuracy(labels, scaled) == 1


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_stacked_spaces_of_any_dtype(dtype):
    spaces, _ = two_spaces(dtype=dtype)
    X, widths = stack_spaces(spaces)
    kmeans = SpacesKMeans(4, spaces=widths, random_state=0).fit(X)
    assert np.array_equal(kmeans.predict(spaces), kmeans.labels_)
    assert kmeans.kmeans_.cluster_centers_.dtype == ("float64" if dtype == "float64" else "float32")


def test_rows_of_zeros():
    spaces, _ = two_spaces()
    for x in spaces:
        x[:60] = 0
    kmeans = SpacesKMeans(4, random_state=0).fit(spaces)
    assert len(set(kmeans.labels_[:60])) == 1
    assert np.isfinite(kmeans.kmeans_.cluster_centers_).all()


def test_error_about_nan_names_the_space():
    spaces, _ = two_spaces()
    kmeans = SpacesKMeans(4, random_state=0).fit(spaces)
    spaces[1][3, 0] = np.nan
    for method in (kmeans.fit, kmeans.predict):
        with pytest.raises(ValueError, match=r"'space1', first in row 3"):
            method(spaces)


def test_too_few_rows():
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=4"):
        SpacesKMeans(4).fit(np.eye(3))


def test_list_of_spaces_in_a_cross_validation_is_refused():
    spaces, _ = two_spaces()
    with pytest.raises(ValueError, match=r"SpacesKMeans\(spaces=widths\)"):
        cross_val_predict(SpacesKMeans(4), [spaces[0], spaces[0]], cv=2)
