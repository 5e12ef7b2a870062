"""The command ``predict``."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_turtle._cli import main
from sklearn_turtle._cli.files import read_model, write_model
from sklearn_turtle._io._read import read_labels
from sklearn_turtle.exploration import merge_clusters
from tests.support.command_line import N_SAMPLES, error_of

SPACES = ["clip.npy", "dino.npy"]


def test_labels(fitted, capsys):
    assert main(["predict", "model.safetensors", *SPACES, "-o", "new.txt"]) == 0
    assert_array_equal(read_labels("new.txt"), np.load("labels.npy"))
    printed = capsys.readouterr().out
    assert f"{N_SAMPLES} samples in 4 of 4 clusters" in printed
    assert "Labels: new.txt" in printed


def test_probabilities(fitted, capsys):
    arguments = ["model.safetensors", *SPACES, "--proba"]
    assert main(["predict", *arguments, "-o", "new.npy"]) == 0
    probabilities = np.load("new.npy")
    assert probabilities.shape == (N_SAMPLES, 4)
    assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    assert_array_equal(probabilities.argmax(axis=1), np.load("labels.npy"))
    assert "Probabilities: new.npy" in capsys.readouterr().out
    assert main(["predict", *arguments, "-o", "new.csv"]) == 0
    assert_allclose(np.loadtxt("new.csv", delimiter=",", skiprows=1), probabilities, rtol=1e-5)


def test_progress(fitted, capsys):
    assert main(["predict", "model.safetensors", *SPACES, "-v"]) == 0
    assert f"{N_SAMPLES}/{N_SAMPLES} rows" in capsys.readouterr().out
    assert main(["predict", "model.safetensors", *SPACES]) == 0
    assert f"{N_SAMPLES}/{N_SAMPLES} rows" not in capsys.readouterr().out


def test_new_samples(fitted, capsys):
    for name in SPACES:
        np.save(f"new_{name}", np.load(name)[:50])
    assert main(["predict", "model.safetensors", "new_clip.npy", "new_dino.npy"]) == 0
    assert "clip: new_clip.npy, 50 samples" in capsys.readouterr().out
    assert_array_equal(np.load("predictions.npy"), np.load("labels.npy")[:50])


def test_model_whose_number_of_clusters_was_chosen(fitted, capsys):
    turtle = read_model("model.safetensors").set_params(n_clusters="auto")
    write_model("chosen.safetensors", turtle)
    assert main(["predict", "chosen.safetensors", *SPACES]) == 0
    assert f"{N_SAMPLES} samples in 4 of 4 clusters" in capsys.readouterr().out


def test_edited_model(fitted, capsys):
    edited = merge_clusters(read_model("model.safetensors"), [0, 1])
    edited.save("edited.safetensors")
    for output in ("new.npy", "new.csv"):
        assert main(["predict", "edited.safetensors", *SPACES, "-o", output]) == 0
        assert f"{N_SAMPLES} samples in 3 of 3 clusters" in capsys.readouterr().out
        assert_array_equal(read_labels(output), edited.labels_)
    assert main(["score", "edited.safetensors", *SPACES, "--labels", "true.npy"]) == 0
    assert "Generalization score: " in capsys.readouterr().out


def test_order_of_spaces(fitted, capsys):
    error = error_of(capsys, ["predict", "model.safetensors", "dino.npy", "clip.npy"])
    assert "'clip'" in error
    assert "(spaces: clip = dino.npy, dino = clip.npy)" in error


def test_model_is_not_overwritten(fitted, capsys):
    (fitted / "model.safetensors").rename("model.npy")
    arguments = ["predict", "model.npy", *SPACES, "-o", "model.npy"]
    assert "model.npy: is an input file" in error_of(capsys, arguments)
