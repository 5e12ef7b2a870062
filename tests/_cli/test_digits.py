"""The command ``digits``."""

import os
from functools import partial

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli import digits, main
from sklearn_turtle._io._read import read_labels
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.command_line import error_of

N_SAMPLES = 300


@pytest.fixture(scope="module")
def few_digits():
    """The first digits: these tests check what is printed and written."""
    spaces, labels = digits.load_digit_spaces()
    return {name: matrix[:N_SAMPLES] for name, matrix in spaces.items()}, labels[:N_SAMPLES]


@pytest.fixture(autouse=True)
def faster(few_digits, tmp_path, monkeypatch):
    """Run the command on a few digits, with a short fit."""
    monkeypatch.chdir(tmp_path)
    short = partial(TurtleClustering, n_init=4, max_iter=30, polish_iter=5)
    monkeypatch.setattr(digits, "load_digit_spaces", lambda: few_digits)
    monkeypatch.setattr(digits, "TurtleClustering", short)


def test_no_arguments(few_digits, capsys, tmp_path):
    assert main([]) == 0
    printed = capsys.readouterr().out
    accuracy = clustering_accuracy(few_digits[1], np.load("digits_labels.npy"))
    (line,) = [line for line in printed.splitlines() if line.startswith("TurtleClustering ")]
    assert line.split()[1] == f"{accuracy:.3f}"
    assert "KMeans on the same features" in printed
    assert printed.splitlines()[-1].endswith(str(tmp_path / "digits_labels.npy"))


@pytest.mark.parametrize("arguments", [["-o", "d.csv"], ["digits", "--output", "d.csv"]])
def test_output(arguments):
    assert main(arguments) == 0
    assert os.listdir() == ["d.csv"]
    assert read_labels("d.csv").shape == (N_SAMPLES,)


def test_output_is_checked_first(capsys):
    error = error_of(capsys, ["-o", "missing/d.npy"])
    assert "missing/d.npy: there is no folder missing" in error
