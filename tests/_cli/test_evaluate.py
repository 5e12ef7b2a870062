"""The command ``evaluate``, and other commands on label files that the authors released."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from sklearn_turtle._cli import main
from sklearn_turtle.metrics import (
    clustering_accuracy,
    generalization_score,
    mean_per_class_accuracy,
)
from tests.support.command_line import error_of
from tests.support.label_files import literal_probabilities, released_features, save_released

RELEASED = ["cifar10.pt", "clip.npy", "dino.npy"]


@pytest.fixture
def released(tmp_path, monkeypatch):
    """The clusters of a label file in the format of the authors, and classes of the samples.

    The current folder has the label file, features and classes.
    """
    monkeypatch.chdir(tmp_path)
    layers = save_released("cifar10.pt")
    spaces = released_features(200)
    for name, space in zip(("clip", "dino"), spaces, strict=True):
        np.save(f"{name}.npy", space)
    clusters = literal_probabilities(spaces, layers).argmax(1)
    classes = np.array(["cat", "dog", "bird", "car"])[clusters]
    classes[::7] = "cat"
    np.save("true.npy", classes)
    return clusters, classes


def test_with_labels(released, capsys):
    assert main(["evaluate", *RELEASED, "--labels", "true.npy"]) == 0
    clusters, classes = released
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "phi1: clip.npy, 200 samples x 5 features, float32"
    assert printed[2].startswith("200 samples in 4 of 4 clusters, sizes from ")
    assert printed[3:] == [
        f"Accuracy: {clustering_accuracy(classes, clusters):.3f}",
        f"Mean per-class accuracy: {mean_per_class_accuracy(classes, clusters):.3f}",
        f"NMI: {normalized_mutual_info_score(classes, clusters):.3f}",
        f"ARI: {adjusted_rand_score(classes, clusters):.3f}",
    ]
    assert printed[3] != printed[4]


def test_without_labels(released, capsys):
    assert main(["evaluate", *RELEASED]) == 0
    spaces = [np.load("clip.npy"), np.load("dino.npy")]
    score = generalization_score(released[0], spaces)
    assert capsys.readouterr().out.splitlines()[3:] == [f"Generalization score: {score:.3f}"]


@pytest.mark.parametrize("model", ["model.safetensors", "model.pt"])
def test_fitted_model(fitted, capsys, model):
    assert main(["evaluate", model, "clip.npy", "dino.npy", "--labels", "true.npy"]) == 0
    accuracy = clustering_accuracy(np.load("true.npy"), np.load("labels.npy"))
    assert f"\nAccuracy: {accuracy:.3f}\n" in capsys.readouterr().out


def test_predict_and_score_take_label_files(released, capsys):
    assert main(["predict", *RELEASED]) == 0
    assert_array_equal(np.load("predictions.npy"), released[0])
    capsys.readouterr()
    assert main(["score", *RELEASED]) == 0
    scored = capsys.readouterr().out.splitlines()[-1]
    assert main(["evaluate", *RELEASED]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == scored


def test_number_of_labels(released, capsys):
    np.save("few.npy", np.zeros(7, dtype=int))
    error = error_of(capsys, ["evaluate", *RELEASED, "--labels", "few.npy"])
    assert "few.npy: has 7 labels, but clip.npy has 200 samples" in error


def test_spaces_that_do_not_match(released, capsys):
    error = error_of(capsys, ["evaluate", "cifar10.pt", "clip.npy"])
    assert "cifar10.pt: has 2 space(s), but 1 feature file(s) are given" in error
    error = error_of(capsys, ["evaluate", "cifar10.pt", "dino.npy", "clip.npy"])
    assert "'phi1'" in error
    assert "(spaces: phi1 = dino.npy, phi2 = clip.npy)" in error


def test_damaged_label_file(released, capsys):
    with open("cifar10.pt", "r+b") as file:
        file.truncate(500)
    error = error_of(capsys, ["evaluate", *RELEASED])
    assert error.count("cifar10.pt") == 1
