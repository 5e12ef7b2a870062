"""Reports from the estimator to the file."""

import sys

import numpy as np
import pytest

from sklearn_turtle.exploration import cluster_representatives, name_clusters
from sklearn_turtle.report import write_report
from tests.report.conftest import WORDS


def test_report_on_a_fit(blobs, write_page):
    spaces, texts, turtle = blobs
    page = write_page(turtle, spaces, texts=texts, title="Fruit & more")
    assert page.texts("title") == page.texts("h1") == ["Fruit & more"]
    assert page.plots == ["Map", "Confidence", "Training curves", "Agreement of the restarts"]
    assert not page.all("p", role="note")
    confidence = turtle.predict_proba(spaces).max(1)
    sizes = np.bincount(turtle.labels_)
    assert page.facts == {
        "Samples": "240",
        "Clusters": "4",
        "Sizes": f"{sizes.min()} to {sizes.max()}, median {np.median(sizes):g}",
        "Spaces (features)": "space0 (12), space1 (8)",
        "Mean confidence": f"{confidence.mean():.2f}",
        "Stability": f"{turtle.stability_:.2f}",
        "Outer steps": f"{turtle.n_iter_}",
    }
    names = name_clusters(turtle, spaces, texts=texts).names
    assert {name.split(",")[0] for name in names} == set(WORDS)
    assert page.rows == [
        [
            f"{cluster}",
            names[cluster],
            f"{sizes[cluster]}",
            f"{sizes[cluster] / 240:.1%}",
            "",
            f"{confidence[turtle.labels_ == cluster].mean():.2f}",
        ]
        for cluster in range(4)
    ]
    shown = np.concatenate(cluster_representatives(turtle, spaces, 8))
    assert page.texts("li") == [texts[row] for row in shown]
    assert [item["title"] for item in page.all("li")] == [f"sample {row}" for row in shown]
    assert page.texts("h3")[4:] == names


def test_report_on_labels(blobs, write_page):
    spaces, texts, turtle = blobs
    page = write_page(np.array(WORDS)[turtle.labels_], spaces, texts=texts)
    assert page.plots == ["Map"]
    assert list(page.facts) == ["Samples", "Clusters", "Sizes", "Spaces (features)"]
    sizes = np.bincount(turtle.labels_)
    expected = [[WORDS[c], f"{sizes[c]}"] for c in range(4)]
    assert [row[1:3] for row in page.rows] == expected
    assert {row[5] for row in page.rows} == {"–"}  # noqa: RUF001


def test_the_same_seed_gives_the_same_file(blobs, tmp_path):
    spaces, texts, turtle = blobs
    few = [Z[:40] for Z in spaces]
    for name in ("first.html", "second.html"):
        labels = turtle.labels_[:40]
        write_report(tmp_path / name, labels, few, texts=texts[:40], random_state=0)
    assert (tmp_path / "first.html").read_bytes() == (tmp_path / "second.html").read_bytes()


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_few_samples_and_features(write_page, method):
    assert write_page([0, 1], [[0.0], [1.0]], map_method=method).facts["Samples"] == "2"
    X = [[0.0, 1.0], [1.0, 2.0], [4.0, 3.0]]
    assert write_page([0, 0, 1], X, map_method=method).facts["Samples"] == "3"


def test_a_failure_leaves_the_old_file(blobs, tmp_path):
    spaces, _, turtle = blobs
    path = tmp_path / "report.html"
    path.write_text("before")
    missing = ["nowhere.png"] * 240
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_report(path, turtle.labels_, spaces, images=missing, map_method="pca")
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"texts": ["a"]}, "texts has 1 entries, but X has 240 samples"),
        ({"images": ["a"]}, "images has 1 entries, but X has 240 samples"),
        ({"names": ["a"]}, "names has 1 entries, but there are 4 clusters"),
        ({"n_representatives": 0}, "n_representatives"),
        ({"map_method": "mds"}, "map_method"),
    ],
)
def test_wrong_options_are_refused(blobs, write_page, options, message):
    spaces, _, turtle = blobs
    with pytest.raises(ValueError, match=message):
        write_page(turtle, spaces, **options)


def test_the_error_names_the_extra(blobs, write_page, monkeypatch):
    spaces, _, turtle = blobs
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"sklearn-turtle\[plot\]"):
        write_page(turtle, spaces)
