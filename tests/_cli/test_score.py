"""The command ``score``."""

import numpy as np

from sklearn_turtle._cli import main
from sklearn_turtle._cli.files import read_model
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.command_line import N_SAMPLES, error_of

COMMAND = ["score", "model.safetensors", "clip.npy", "dino.npy"]


def test_without_labels(fitted, capsys):
    assert main(COMMAND) == 0
    printed = capsys.readouterr().out.splitlines()
    turtle = read_model("model.safetensors")
    score = turtle.score([np.load("clip.npy"), np.load("dino.npy")])
    assert printed[-1] == f"Generalization score: {score:.3f}"


def test_with_labels(fitted, capsys):
    assert main([*COMMAND, "--labels", "true.npy"]) == 0
    printed = capsys.readouterr().out.splitlines()[-4:]
    accuracy = clustering_accuracy(np.load("true.npy"), np.load("labels.npy"))
    assert printed[0].startswith("Generalization score: ")
    assert printed[1] == f"Accuracy: {accuracy:.3f}"
    assert [line.split(":")[0] for line in printed[2:]] == ["NMI", "ARI"]


def test_labels_may_be_strings(fitted, capsys):
    with open("true.txt", "w") as file:
        file.writelines(f"class {label}\n" for label in np.load("true.npy"))
    printed = []
    for labels in ("true.txt", "true.npy"):
        assert main([*COMMAND, "--labels", labels]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_number_of_labels(fitted, capsys):
    np.save("few.npy", np.zeros(7, dtype=int))
    error = error_of(capsys, [*COMMAND, "--labels", "few.npy"])
    assert f"few.npy: has 7 labels, but clip.npy has {N_SAMPLES} samples" in error
