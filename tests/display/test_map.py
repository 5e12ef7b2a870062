"""Map of the samples in the plane."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score

from sklearn_turtle.display import ClusterMapDisplay
from tests.support.given import Given


def test_colors_are_clusters_and_pale_points_are_uncertain(blobs):
    spaces, _, turtle = blobs
    display = ClusterMapDisplay.from_estimator(
        turtle, spaces, method="pca", max_samples=100, names=["a", "b", "c", "d"]
    ).plot(marker="x")
    probabilities = turtle.predict_proba(spaces)[display.rows]
    assert (display.rows[0], display.rows[-1], len(display.rows)) == (0, 239, 100)
    np.testing.assert_array_equal(display.points_.get_offsets(), display.coordinates)
    colors = display.points_.get_facecolors()
    labels = probabilities.argmax(1)
    for cluster in range(4):
        assert len(np.unique(colors[labels == cluster, :3], axis=0)) == 1
    assert len(np.unique(colors[:, :3], axis=0)) == 4
    np.testing.assert_allclose(colors[:, 3], 0.1 + 0.9 * probabilities.max(1), rtol=1e-6)
    assert [text.get_text() for text in display.ax_.texts] == ["a", "b", "c", "d"]
    assert silhouette_score(display.coordinates, labels) > 0.3


def test_all_spaces_have_the_same_weight(blobs):
    (first, second), _, turtle = blobs

    def coordinates(spaces):
        return ClusterMapDisplay.from_estimator(turtle, spaces, method="pca").coordinates

    np.testing.assert_allclose(
        coordinates([first, 1000 * second + 5]), coordinates([first, second]), atol=1e-3
    )


def test_rows_are_read_from_a_file(blobs, tmp_path):
    h5py = pytest.importorskip("h5py")
    spaces, _, turtle = blobs
    with h5py.File(tmp_path / "spaces.h5", "w") as file:
        for name, space in zip(("first", "second"), spaces, strict=True):
            file[name] = space
        maps = [
            ClusterMapDisplay.from_estimator(turtle, X, method="pca", max_samples=100)
            for X in ([file["first"], file["second"]], spaces)
        ]
    np.testing.assert_allclose(maps[0].coordinates, maps[1].coordinates, atol=1e-6)


def test_a_single_feature_is_the_first_coordinate():
    given = Given(probabilities=[[1.0], [1.0], [1.0]])
    display = ClusterMapDisplay.from_estimator(given, [[0.0], [1.0], [5.0]], method="pca")
    spread = np.sqrt(14 / 3)  # of 0, 1 and 5 around their mean 2
    np.testing.assert_allclose(
        np.abs(display.coordinates[:, 0]), [2 / spread, 1 / spread, 3 / spread]
    )
    assert not display.coordinates[:, 1].any()


def test_tsne_keeps_neighbors_and_is_the_default_without_umap(blobs, monkeypatch):
    spaces, _, turtle = blobs
    monkeypatch.setitem(sys.modules, "umap", None)  # as if it was not installed
    display = ClusterMapDisplay.from_estimator(turtle, spaces, max_samples=120, random_state=0)
    assert display.coordinates.shape == (120, 2)
    features = np.hstack(spaces)[display.rows]
    assert trustworthiness(features, display.coordinates, n_neighbors=10) > 0.8
    with pytest.raises(ImportError, match=r"sklearn-turtle\[umap\]"):
        ClusterMapDisplay.from_estimator(turtle, spaces, method="umap")


@pytest.mark.parametrize(("random_state", "n_jobs"), [(0, 1), (None, -1)])
def test_umap_is_the_default_if_it_is_installed(blobs, monkeypatch, random_state, n_jobs):
    spaces, _, turtle = blobs

    class FakeUMAP:
        def __init__(self, **parameters):
            assert parameters == {"random_state": random_state, "n_jobs": n_jobs}

        def fit_transform(self, components):
            return components[:, 1::-1]

    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=FakeUMAP))
    by_umap = ClusterMapDisplay.from_estimator(turtle, spaces, random_state=random_state)
    by_pca = ClusterMapDisplay.from_estimator(turtle, spaces, method="pca")
    np.testing.assert_allclose(by_umap.coordinates, by_pca.coordinates[:, ::-1], atol=1e-9)


def test_umap_keeps_neighbors(blobs):
    pytest.importorskip("umap")
    spaces, _, turtle = blobs
    display = ClusterMapDisplay.from_estimator(turtle, spaces, method="umap", random_state=0)
    assert trustworthiness(np.hstack(spaces), display.coordinates, n_neighbors=10) > 0.8


@pytest.mark.parametrize(("parameter", "value"), [("method", "lda"), ("max_samples", 1)])
def test_parameters_out_of_range_are_refused(blobs, parameter, value):
    spaces, _, turtle = blobs
    with pytest.raises(ValueError, match=f"'{parameter}' parameter"):
        ClusterMapDisplay.from_estimator(turtle, spaces, **{parameter: value})
