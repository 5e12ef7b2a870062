"""The clusters of a report and their representatives."""

import numpy as np
import pytest

from sklearn_turtle.exploration import cluster_representatives
from sklearn_turtle.report._clustering import read_clustering
from sklearn_turtle.report._clusters import describe_clusters


@pytest.mark.parametrize(("n_representatives", "n_shown"), [("auto", 3), (4, 4)])
def test_many_clusters_have_fewer_representatives_by_default(n_representatives, n_shown):
    labels = np.repeat(np.arange(200), 5)
    X = np.random.default_rng(0).normal(size=(1000, 2))
    clustering = read_clustering(labels, X, None, None)
    clusters = describe_clusters(clustering, None, None, n_representatives)
    assert [len(cluster.representatives) for cluster in clusters] == [n_shown] * 200


def test_long_texts_are_cut():
    clustering = read_clustering([0, 0], np.eye(2), None, None)
    (cluster,) = describe_clusters(clustering, ["word \n " * 1000, "short"], None, "auto")
    texts = sorted(sample.text for sample in cluster.representatives)
    assert texts == ["short", ("word " * 60).rstrip() + "…"]


def test_images_of_the_representatives_are_shown(blobs, write_page):
    spaces, _, turtle = blobs
    pytest.importorskip("PIL")
    images = [np.full((4, 2), gray, dtype=np.uint8) for gray in range(240)]
    page = write_page(turtle.labels_, spaces, images=images, n_representatives=3)
    shown = np.concatenate(cluster_representatives(turtle, spaces, 3))
    assert [image["alt"] for image in page.thumbnails] == [f"sample {row}" for row in shown]
    assert len({image["src"] for image in page.thumbnails}) == 12


def test_files_are_captions_of_images_with_texts(blobs, write_page, tmp_path):
    spaces, texts, turtle = blobs
    image_module = pytest.importorskip("PIL.Image")
    path = tmp_path / "it's.png"
    image_module.new("RGB", (4, 4)).save(path)
    options = {"images": [str(path)] * 240, "texts": texts, "n_representatives": 1}
    page = write_page(turtle.labels_, spaces, **options)
    assert [image["alt"] for image in page.thumbnails] == ["it's.png"] * 4
    shown = np.concatenate(cluster_representatives(turtle, spaces, 1))
    assert page.texts("li") == [texts[row] for row in shown]
