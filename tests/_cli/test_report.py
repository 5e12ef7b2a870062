"""The command that shows a clustering of feature files."""

import numpy as np
import pytest

from sklearn_turtle._cli import files, main
from tests.support.page import Page
from tests.support.two_spaces import small_turtle, two_spaces

pytest.importorskip("matplotlib")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with two spaces, a model, labels and texts."""
    monkeypatch.chdir(tmp_path)
    spaces, y = two_spaces()
    np.save("clip.npy", spaces[0])
    np.save("dino.npy", spaces[1])
    turtle = small_turtle().fit(dict(zip(["clip", "dino"], spaces, strict=True)))
    files.write_model("model.safetensors", turtle)
    files.write_model("model.pt", turtle)
    np.savetxt("labels.txt", np.array(["ant", "bee", "cow", "dog"])[turtle.labels_], fmt="%s")
    words = np.array(["lion", "moth", "newt", "owl"])
    rows = [f'{row},"a <b>{words[label]}</b>"' for row, label in enumerate(y)]
    (tmp_path / "texts.csv").write_text("\n".join(["id,text", *rows]))
    return tmp_path


def page(name="report.html"):
    with open(name, encoding="utf-8") as file:
        return Page(file.read())


def test_of_a_model(folder, capsys):
    spaces = ["clip.npy", "dino.npy"]
    assert main(["report", "model.safetensors", *spaces, "--texts", "texts.csv:text"]) == 0
    assert "Report: report.html" in capsys.readouterr().out
    found = page()
    assert found.texts("h1") == ["Clusters"]
    assert found.facts["Spaces (features)"] == "clip (12), dino (8)"
    assert "Stability" in found.facts
    assert {row[1].split(",")[0] for row in found.rows} == {"lion", "moth", "newt", "owl"}
    assert found.texts("li")[0].startswith("a <b>")
    assert main(["report", "model.pt", *spaces, "-o", "other.html", "--title", "<Mine>"]) == 0
    found = page("other.html")
    assert found.texts("h1") == ["<Mine>"]
    assert "Stability" not in found.facts
    assert [row[1] for row in found.rows] == [f"cluster {cluster}" for cluster in range(4)]


def test_of_labels(folder):
    assert main(["report", "labels.txt", "clip.npy"]) == 0
    assert [row[1] for row in page().rows] == ["ant", "bee", "cow", "dog"]
    (folder / "names.txt").write_text("w\nx\ny\nz\n")
    assert main(["report", "labels.txt", "clip.npy", "--names", "names.txt"]) == 0
    assert [row[1] for row in page().rows] == ["w", "x", "y", "z"]


def test_images_of_a_folder_or_a_list(folder):
    image_module = pytest.importorskip("PIL.Image")
    photos = folder / "photos"
    photos.mkdir()
    paths = [photos / f"{row:03d}.png" for row in range(240)]
    for path in paths:
        image_module.new("RGB", (4, 4)).save(path)
    (folder / "paths.txt").write_text("\n".join(map(str, paths)))
    shown = []
    for images in ("photos", "paths.txt"):
        assert main(["report", "labels.txt", "clip.npy", "--images", images]) == 0
        shown.append([image["alt"] for image in page().all("img") if "title" in image])
    assert shown[0] == shown[1]
    assert len(shown[0]) == 32
    assert shown[0][0].endswith(".png")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["model.safetensors", "clip.npy"], "has 2 space(s), but 1 feature file(s)"),
        (["model.safetensors", "dino.npy", "clip.npy"], "clip = dino.npy, dino = clip.npy"),
        (["labels.txt", "clip.npy", "-o", "page.pdf"], "use .html"),
        (["labels.txt", "clip.npy", "--texts", "texts.csv"], "holds id, text; say which"),
        (["labels.txt", "clip.npy", "--texts", "texts.csv:id"], "holds no texts; row 0 is 0"),
        (["labels.txt", "clip.npy", "--texts", "labels.npy"], "texts are not read from files"),
        (["labels.txt", "clip.npy", "--images", "."], "holds no image"),
        (["labels.txt", "clip.npy", "--images", "labels.txt"], "ant"),
        (["texts.csv:id", "labels.txt"], "features are not read"),
    ],
)
def test_what_is_refused(folder, capsys, arguments, message):
    assert main(["report", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (folder / "report.html").exists()
