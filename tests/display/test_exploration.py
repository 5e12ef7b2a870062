"""Pictures of clusters show what they say."""

import sys
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle.display import ClusterHierarchyDisplay, ClusterMapDisplay, ContactSheetDisplay
from sklearn_turtle.exploration import cluster_linkage, cluster_representatives
from tests.support.given import Given
from tests.support.two_spaces import small_turtle, two_spaces

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
Image = pytest.importorskip("PIL.Image")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="module")
def blobs():
    spaces, _ = two_spaces()
    return spaces, small_turtle().fit(spaces)


def test_hierarchy(blobs):
    spaces, turtle = blobs
    names = ["north", "east", "south", "west"]
    display = ClusterHierarchyDisplay.from_estimator(turtle, spaces, names=names).plot()
    np.testing.assert_array_equal(display.joins, cluster_linkage(turtle, spaces))
    shown = [tick.get_text() for tick in display.ax_.get_yticklabels()]
    assert shown == display.dendrogram_["ivl"]
    assert sorted(shown) == sorted(names)
    joined_first = {names[int(leaf)] for leaf in display.joins[0, :2]}
    assert any(set(pair) == joined_first for pair in pairwise(shown))
    upright = ClusterHierarchyDisplay.from_estimator(turtle, spaces).plot(orientation="top")
    assert sorted(tick.get_text() for tick in upright.ax_.get_xticklabels()) == list("0123")


def test_hierarchy_names_the_clusters_that_have_samples():
    given = Given([0, 2, 3], n_clusters=5)
    X = np.array([[0.0], [1.0], [9.0]])
    assert ClusterHierarchyDisplay.from_estimator(given, X).names == ["0", "2", "3"]
    with pytest.raises(ValueError, match="names has 3 entries, but there are 5 clusters"):
        ClusterHierarchyDisplay.from_estimator(given, X, names=["a", "b", "c"])


def test_map_of_principal_axes(blobs):
    spaces, turtle = blobs
    display = ClusterMapDisplay.from_estimator(
        turtle, spaces, method="pca", max_samples=100, names=["a", "b", "c", "d"]
    ).plot(marker="x")
    probabilities = turtle.predict_proba(spaces)[display.rows]
    assert (display.rows[0], display.rows[-1], len(display.rows)) == (0, 239, 100)
    np.testing.assert_array_equal(display.points_.get_offsets(), display.coordinates)
    # one color a cluster, paler where the probability is lower
    colors = display.points_.get_facecolors()
    labels = probabilities.argmax(1)
    for cluster in range(4):
        assert len(np.unique(colors[labels == cluster, :3], axis=0)) == 1
    assert len(np.unique(colors[:, :3], axis=0)) == 4
    np.testing.assert_allclose(colors[:, 3], 0.1 + 0.9 * probabilities.max(1), rtol=1e-6)
    assert [text.get_text() for text in display.ax_.texts] == ["a", "b", "c", "d"]
    assert silhouette_score(display.coordinates, labels) > 0.3


def test_map_gives_spaces_the_same_weight(blobs):
    spaces, turtle = blobs
    first, second = spaces

    def coordinates(spaces):
        return ClusterMapDisplay.from_estimator(turtle, spaces, method="pca").coordinates

    np.testing.assert_allclose(
        coordinates([first, 1000 * second + 5]), coordinates(spaces), atol=1e-3
    )


def test_map_of_few_features():
    given = Given(probabilities=[[1.0], [1.0], [1.0]])
    display = ClusterMapDisplay.from_estimator(given, [[0.0], [1.0], [5.0]], method="pca")
    np.testing.assert_allclose(
        np.abs(display.coordinates[:, 0]), [2 / SPREAD, 1 / SPREAD, 3 / SPREAD]
    )
    assert not display.coordinates[:, 1].any()


SPREAD = np.sqrt(14 / 3)  # of 0, 1 and 5 around their mean, which is 2


def test_map_by_tsne_keeps_neighbors(blobs, monkeypatch):
    spaces, turtle = blobs
    monkeypatch.setitem(sys.modules, "umap", None)  # as where it is not installed
    display = ClusterMapDisplay.from_estimator(turtle, spaces, random_state=0)
    assert display.coordinates.shape == (240, 2)
    assert trustworthiness(np.hstack(spaces), display.coordinates, n_neighbors=10) > 0.8
    with pytest.raises(ImportError, match=r"sklearn-turtle\[umap\]"):
        ClusterMapDisplay.from_estimator(turtle, spaces, method="umap")


@pytest.mark.parametrize(("random_state", "n_jobs"), [(0, 1), (None, -1)])
def test_map_by_umap_where_it_is_installed(blobs, monkeypatch, random_state, n_jobs):
    spaces, turtle = blobs

    class StandIn:
        def __init__(self, **parameters):
            assert parameters == {"random_state": random_state, "n_jobs": n_jobs}

        def fit_transform(self, axes):
            return axes[:, 1::-1]

    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=StandIn))
    of_umap = ClusterMapDisplay.from_estimator(turtle, spaces, random_state=random_state)
    of_axes = ClusterMapDisplay.from_estimator(turtle, spaces, method="pca")
    np.testing.assert_allclose(of_umap.coordinates, of_axes.coordinates[:, ::-1], atol=1e-9)


def test_map_by_umap_itself(blobs):
    pytest.importorskip("umap")
    spaces, turtle = blobs
    display = ClusterMapDisplay.from_estimator(turtle, spaces, method="umap", random_state=0)
    assert trustworthiness(np.hstack(spaces), display.coordinates, n_neighbors=10) > 0.8


def test_map_checks_its_parameters(blobs):
    spaces, turtle = blobs
    with pytest.raises(ValueError, match="method"):
        ClusterMapDisplay.from_estimator(turtle, spaces, method="lda")
    with pytest.raises(ValueError, match="max_samples"):
        ClusterMapDisplay.from_estimator(turtle, spaces, max_samples=1)


def test_contact_sheet_shows_the_representatives():
    digits = load_digits()
    images = (digits.images * 15).astype(np.uint8)
    turtle = TurtleClustering(10, n_init=8, random_state=0).fit(digits.data)
    display = ContactSheetDisplay.from_estimator(
        turtle, digits.data, images, n_images=4, clusters=[7, 2], side=8
    ).plot()
    sheet = np.asarray(display.image_.get_array())
    assert sheet.shape == (16, 32, 3)
    representatives = cluster_representatives(turtle, digits.data, 4)
    for line, cluster in enumerate([7, 2]):
        for column, row in enumerate(representatives[cluster]):
            tile = sheet[8 * line : 8 * line + 8, 8 * column : 8 * column + 8]
            np.testing.assert_array_equal(tile, np.dstack([images[row]] * 3))
    assert [tick.get_text() for tick in display.ax_.get_yticklabels()] == ["7", "2"]


def test_contact_sheet_of_files_of_any_shape(tmp_path):
    wide = np.zeros((4, 8, 3), dtype=np.uint8)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    images = [tmp_path / "wide.png", str(tmp_path / "wide.png"), Image.fromarray(wide), wide]
    X = np.array([[0.0], [0.1], [5.0], [5.1]])
    display = ContactSheetDisplay.from_estimator(
        Given([0, 0, 0, 2], n_clusters=4), X, images, side=8, names=["a", "b", "c", "d"]
    )
    assert [len(row) for row in display.thumbnails] == [3, 0, 1, 0]
    padded = np.full((8, 8, 3), 255)
    padded[2:6] = 0
    for row in display.thumbnails:
        for thumbnail in row:
            np.testing.assert_array_equal(thumbnail, padded)
    sheet = np.asarray(display.plot().image_.get_array())
    assert sheet.shape == (32, 24, 3)
    assert (sheet[8:16] == 255).all()
    assert (sheet[16:24, 8:] == 255).all()
    assert [tick.get_text() for tick in display.ax_.get_yticklabels()] == ["a", "b", "c", "d"]


def test_contact_sheet_of_a_column_of_a_frame(tmp_path):
    for name, value in (("dark.png", 0), ("light.png", 200)):
        Image.fromarray(np.full((2, 2, 3), value, dtype=np.uint8)).save(tmp_path / name)
    column = pd.Series([str(tmp_path / "dark.png"), str(tmp_path / "light.png")], index=[1, 0])
    sheet = ContactSheetDisplay.from_estimator(Given([0, 1]), np.eye(2), column, side=2)
    assert [row[0].max() for row in sheet.thumbnails] == [0, 200]


def test_contact_sheet_reads_no_other_images():
    X = np.array([[0.0], [1.0], [2.0]])
    images = [None, np.zeros((2, 2), dtype=np.uint8), None]
    sheet = ContactSheetDisplay.from_estimator(Given([0, 0, 0]), X, images, n_images=1, side=2)
    np.testing.assert_array_equal(sheet.thumbnails[0][0], np.zeros((2, 2, 3)))


@pytest.mark.parametrize(
    ("images", "arguments", "message"),
    [
        (np.zeros((2, 4, 4)), {}, "dtype uint8"),
        (np.zeros((3, 4, 4), dtype=np.uint8), {}, "images has 3 entries, but X has 2 samples"),
        (np.zeros((2, 4, 4), dtype=np.uint8), {"clusters": [2]}, "of 0 to 1"),
        (np.zeros((2, 4, 4), dtype=np.uint8), {"n_images": 0}, "n_images"),
    ],
)
def test_contact_sheet_refuses(images, arguments, message):
    with pytest.raises(ValueError, match=message):
        ContactSheetDisplay.from_estimator(Given([0, 1]), np.eye(2), images, **arguments)
