"""What a report tells, and what it is made of."""

import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO

import numpy as np
import pytest
from sklearn.cluster import KMeans

from sklearn_turtle import TurtleClustering
from sklearn_turtle.exploration import (
    cluster_representatives,
    merge_clusters,
    name_clusters,
    refit_from_labels,
)
from sklearn_turtle.model_selection import select_n_clusters
from sklearn_turtle.persistence import save_labeling
from sklearn_turtle.report import write_report
from tests.support.given import Given
from tests.support.page import Page
from tests.support.two_spaces import small_turtle, two_spaces

WORDS = ["apple", "brick", "cloud", "daisy"]
RESTARTS = ["Training curves", "Agreement of the restarts"]

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def blobs():
    """Two spaces of blobs, a text of each sample, and a clustering; not to be changed."""
    spaces, y = two_spaces()
    texts = [f"{WORDS[label]} number {row}" for row, label in enumerate(y)]
    return spaces, texts, small_turtle().fit(spaces)


@pytest.fixture
def page_of(tmp_path):
    """Writes a report and reads it."""

    def write(*arguments, **options):
        path = tmp_path / "report.html"
        write_report(path, *arguments, **{"map_method": "pca", **options})
        return Page(path.read_text(encoding="utf-8"))

    return write


def test_what_it_tells_of_a_fit(blobs, page_of):
    spaces, texts, turtle = blobs
    page = page_of(turtle, spaces, texts=texts, title="Fruit & more")
    assert page.texts("title") == page.texts("h1") == ["Fruit & more"]
    assert page.drawings == ["Map", "Confidence", *RESTARTS]
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


def test_images_are_thumbnails_of_the_representatives(blobs, page_of):
    spaces, _, turtle = blobs
    image_module = pytest.importorskip("PIL.Image")
    grays = np.arange(240, dtype=np.uint8)
    images = [np.full((40, 20), gray) for gray in grays]
    page = page_of(turtle, spaces, images=images, n_representatives=3)
    shown = np.concatenate(cluster_representatives(turtle, spaces, 3))
    thumbnails = [image for image in page.all("img") if image.get("class") != "drawing"]
    assert [image["alt"] for image in thumbnails] == [f"sample {row}" for row in shown]
    for row, image in zip(shown, thumbnails, strict=True):
        kind, content = image["src"].split(",")
        assert kind == "data:image/jpeg;base64"
        pixels = np.asarray(image_module.open(BytesIO(b64decode(content))))
        assert pixels.shape == (80, 80, 3)
        assert np.abs(pixels[40, 40].astype(int) - grays[row]).max() < 10
        assert pixels[40, 5].min() > 245  # upright, in a white square


def test_captioned_files(blobs, page_of, tmp_path):
    spaces, texts, turtle = blobs
    image_module = pytest.importorskip("PIL.Image")
    # lies on its side, red above, as its camera notes
    picture = image_module.new("RGB", (16, 16), "blue")
    picture.paste("red", (0, 0, 8, 16))
    exif = image_module.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "it's.jpg", exif=exif)
    paths = [str(tmp_path / "it's.jpg")] * 240
    page = page_of(turtle, spaces, texts=texts, images=paths, n_representatives=1)
    (image, *others) = [image for image in page.all("img") if image.get("class") != "drawing"]
    assert image["alt"] == "it's.jpg"
    assert len(others) == 3
    shown = cluster_representatives(turtle, spaces, 1)[0][0]
    assert page.texts("li")[0] == texts[shown]
    pixels = np.asarray(image_module.open(BytesIO(b64decode(image["src"].split(",")[1]))))
    assert pixels[10, 40].argmax() == 0
    assert pixels[70, 40].argmax() == 2


def test_it_holds_all_that_it_shows(blobs, tmp_path):
    spaces, texts, turtle = blobs
    write_report(tmp_path / "a.html", turtle, spaces, texts=texts, random_state=0)
    html = (tmp_path / "a.html").read_text(encoding="utf-8")
    page = Page(html)
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    assert all(image["alt"] for image in page.all("img"))
    assert {element["tag"] for element in page.elements}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "base", "form"}
    )
    targets = {f"#{element['id']}" for element in page.elements if "id" in element}
    assert {link["href"] for link in page.all("a")} <= targets
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    (style,) = page.all("style")
    digest = b64encode(sha256(style["text"].encode()).digest()).decode()
    assert policy["content"] == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )
    write_report(tmp_path / "b.html", turtle, spaces, texts=texts, random_state=0)
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == html


def test_labels_alone(blobs, page_of):
    spaces, texts, turtle = blobs
    words = np.array(WORDS)[turtle.labels_]
    page = page_of(words, spaces, texts=texts)
    assert page.drawings == ["Map"]
    assert list(page.facts) == ["Samples", "Clusters", "Sizes", "Spaces (features)"]
    sizes = np.bincount(turtle.labels_)
    expected = [[WORDS[c], f"{sizes[c]}"] for c in range(4)]
    assert [row[1:3] for row in page.rows] == expected
    assert {row[5] for row in page.rows} == {"–"}  # noqa: RUF001
    # as a clustering that leaves samples out gives them
    page = page_of(np.where(turtle.labels_ == 3, -1, turtle.labels_), spaces[0])
    assert [row[1] for row in page.rows] == [f"cluster {c}" for c in (-1, 0, 1, 2)]
    assert page.facts["Spaces (features)"] == "space0 (12)"
    page = page_of(words, spaces, names=["a", "b", "c", "d"])
    assert [row[1] for row in page.rows] == ["a", "b", "c", "d"]


def test_other_clusterings(blobs, page_of, tmp_path):
    spaces, _, turtle = blobs
    stacked = np.hstack(spaces)
    kmeans = KMeans(4, n_init=1, random_state=0).fit(stacked)
    page = page_of(kmeans, stacked)
    assert page.drawings == ["Map"]
    assert [int(row[2]) for row in page.rows] == np.bincount(kmeans.labels_).tolist()
    assert page_of(merge_clusters(turtle, [0, 1]), spaces).drawings == ["Map", "Confidence"]
    refitted = refit_from_labels(turtle, spaces, turtle.labels_)
    assert page_of(refitted, spaces).drawings == ["Map", "Confidence"]
    save_labeling(turtle, tmp_path / "labeling.pt")
    read = TurtleClustering.from_labeling(tmp_path / "labeling.pt")
    assert page_of(read, stacked).drawings == ["Map", "Confidence"]


def test_empty_clusters(page_of):
    probabilities = [[0.9, 0, 0.1, 0], [0.1, 0, 0.9, 0], [0.2, 0, 0.8, 0]]
    page = page_of(Given(probabilities=probabilities), np.eye(3))
    assert page.facts["Clusters"] == "4 (2 empty)"
    assert [row[2] for row in page.rows] == ["1", "0", "2", "0"]
    assert [row[5] for row in page.rows] == ["0.90", "–", "0.85", "–"]  # noqa: RUF001
    assert page.texts("li") == ["sample 0", "sample 1", "sample 2"]


def test_few_samples_and_features(page_of):
    for method in ("pca", "tsne"):
        page_of([0, 1], [[0.0], [1.0]], map_method=method)
        page_of([0, 0, 1], [[0.0, 1.0], [1.0, 2.0], [4.0, 3.0]], map_method=method)


def test_number_of_representatives(page_of):
    labels = np.repeat(np.arange(200), 5)
    X = np.random.default_rng(0).normal(size=(1000, 2))
    assert len(page_of(labels, X).all("li")) == 200 * 3
    assert len(page_of(labels, X, n_representatives=4).all("li")) == 200 * 4


def test_long_texts_are_cut(page_of):
    page = page_of([0, 0], np.eye(2), texts=["word \n " * 1000, "short"], names=["all"])
    assert sorted(page.texts("li")) == ["short", ("word " * 60).rstrip() + "…"]


def test_choice_of_the_number_of_clusters(blobs, page_of):
    spaces, _, turtle = blobs
    selection = select_n_clusters(spaces, [3, 4, 5], n_init=4, random_state=0)
    page = page_of(turtle, spaces, selection=selection)
    assert page.drawings[-1] == "Number of clusters"
    image = page.all("img", **{"class": "drawing"})[-1]
    assert image["alt"].startswith(
        f"3 numbers from 3 to 5 were tried; {selection.n_clusters} was chosen"
    )


@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
def test_doubt_is_told(blobs, page_of):
    spaces, _, turtle = blobs
    assert not page_of(turtle, spaces).all("p", role="note")
    noise = np.random.default_rng(0).normal(size=(200, 30))
    turtle = small_turtle(max_iter=5, polish_iter=0).fit(noise)
    (note,) = page_of(turtle, noise).texts("p", role="note")
    assert f"stability {turtle.stability_:.2f}" in note


def test_failure_leaves_the_report_before(blobs, tmp_path):
    spaces, _, turtle = blobs
    path = tmp_path / "report.html"
    path.write_text("before")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_report(path, turtle, spaces, images=["nowhere.png"] * 240, map_method="pca")
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
def test_what_is_refused(blobs, page_of, options, message):
    spaces, _, turtle = blobs
    with pytest.raises(ValueError, match=message):
        page_of(turtle, spaces, **options)


def test_labels_that_do_not_fit(blobs, page_of):
    spaces, _, _ = blobs
    with pytest.raises(ValueError, match="There are 3 labels, but X has 240 samples"):
        page_of([0, 1, 2], spaces)
    with pytest.raises(ValueError, match="labels contains NaN"):
        page_of([np.nan] * 240, spaces)
    with pytest.raises(ValueError, match="1d array"):
        page_of(np.zeros((240, 2)), spaces)


def test_the_extra_is_named(blobs, page_of, monkeypatch):
    spaces, _, turtle = blobs
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"sklearn-turtle\[plot\]"):
        page_of(turtle, spaces)
