"""The command ``report``: show a clustering of feature files."""

import numpy as np
import pytest

from sklearn_turtle._cli import main
from sklearn_turtle._cli.report import find_images
from sklearn_turtle._io._errors import FileError
from tests.support.command_line import N_SAMPLES, error_of
from tests.support.page import Page

SPACES = ["clip.npy", "dino.npy"]

pytest.importorskip("matplotlib")


@pytest.fixture
def clustered(fitted):
    """The current folder, with spaces, a model, labels and texts."""
    labels = np.load("labels.npy")
    np.savetxt("labels.txt", np.array(["ant", "bee", "cow", "dog"])[labels], fmt="%s")
    words = np.array(["lion", "moth", "newt", "owl"])
    rows = [f'{row},"a <b>{words[label]}</b>"' for row, label in enumerate(labels)]
    (fitted / "texts.csv").write_text("\n".join(["id,text", *rows]))
    return fitted


def page(name="report.html"):
    with open(name, encoding="utf-8") as file:
        return Page(file.read())


def test_texts_with_another_separator_and_encoding(clustered):
    rows = (clustered / "texts.csv").read_text().replace(",", "~").replace("lion", "li\xf6n")
    (clustered / "texts.csv").write_text(rows, encoding="latin-1")
    form = ["--separator", "~", "--encoding", "latin-1"]
    assert main(["report", "model.safetensors", *SPACES, "--texts", "texts.csv:text", *form]) == 0
    assert {row[1].split(",")[0] for row in page().rows} == {"li\xf6n", "moth", "newt", "owl"}


def test_missing_texts_are_empty(clustered):
    rows = (clustered / "texts.csv").read_text().splitlines()
    rows[3] = "2,"
    (clustered / "texts.csv").write_text("\n".join(rows))
    assert main(["report", "model.safetensors", *SPACES, "--texts", "texts.csv:text"]) == 0
    assert {row[1].split(",")[0] for row in page().rows} == {"lion", "moth", "newt", "owl"}


def test_model_and_texts(clustered, capsys):
    assert main(["report", "model.safetensors", *SPACES, "--texts", "texts.csv:text"]) == 0
    assert "Report: report.html" in capsys.readouterr().out
    written = page()
    assert written.texts("h1") == ["Clusters"]
    assert written.facts["Spaces (features)"] == "clip (12), dino (8)"
    assert "Stability" in written.facts
    assert {row[1].split(",")[0] for row in written.rows} == {"lion", "moth", "newt", "owl"}
    assert written.texts("li")[0].startswith("a <b>")


def test_labeling_alone(clustered):
    command = ["report", "model.pt", *SPACES, "-o", "other.html", "--title", "<Mine>"]
    assert main(command) == 0
    written = page("other.html")
    assert written.texts("h1") == ["<Mine>"]
    assert "Stability" not in written.facts
    assert [row[1] for row in written.rows] == [f"cluster {cluster}" for cluster in range(4)]


def test_labels(clustered):
    assert main(["report", "labels.txt", "clip.npy"]) == 0
    assert [row[1] for row in page().rows] == ["ant", "bee", "cow", "dog"]


def test_names(clustered):
    (clustered / "names.txt").write_text("w\nx\ny\nz\n")
    assert main(["report", "labels.txt", "clip.npy", "--names", "names.txt"]) == 0
    assert [row[1] for row in page().rows] == ["w", "x", "y", "z"]


class TestImages:
    @pytest.fixture
    def paths(self, clustered):
        """Files of one image per sample."""
        image_module = pytest.importorskip("PIL.Image")
        (clustered / "photos").mkdir()
        paths = [clustered / "photos" / f"{row:03d}.png" for row in range(N_SAMPLES)]
        for path in paths:
            image_module.new("RGB", (4, 4)).save(path)
        return paths

    def test_folder(self, paths):
        assert main(["report", "labels.txt", "clip.npy", "--images", "photos"]) == 0
        shown = [image["alt"] for image in page().all("img") if "title" in image]
        assert len(shown) == 32
        assert all(name.endswith(".png") for name in shown)

    def test_list(self, paths, clustered):
        (clustered / "paths.txt").write_text("\n".join(map(str, paths)))
        assert find_images("paths.txt") == paths
        assert [path.resolve() for path in find_images("photos")] == paths

    def test_missing_path(self, clustered):
        (clustered / "paths.csv").write_text("id,path\n1,a.png\n2,\n")
        with pytest.raises(FileError, match=r"paths\.csv:path: some paths are missing"):
            find_images("paths.csv:path")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["model.safetensors", "clip.npy"], "has 2 space(s), but 1 feature file(s)"),
        (["model.safetensors", "dino.npy", "clip.npy"], "clip = dino.npy, dino = clip.npy"),
        (["labels.txt", "clip.npy", "-o", "page.pdf"], "choose from .html"),
        (["labels.txt", "clip.npy", "--texts", "texts.csv"], "contains id, text; choose one"),
        (["labels.txt", "clip.npy", "--texts", "texts.csv:id"], "expected texts, but row 0 is 0"),
        (["labels.txt", "clip.npy", "--texts", "labels.npy"], "unknown suffix '.npy' for texts"),
        (["labels.txt", "clip.npy", "--images", "."], "no image"),
        (["labels.txt", "clip.npy", "--images", "labels.txt"], "ant"),
        (["texts.csv:id", "labels.txt"], "unknown suffix '.txt' for features"),
    ],
)
def test_errors(clustered, capsys, arguments, message):
    assert message in error_of(capsys, ["report", *arguments])
    assert not (clustered / "report.html").exists()
