"""The command ``fit``."""

import os

import numpy as np
import pandas as pd
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle._cli import main
from sklearn_turtle._cli.files import read_model
from sklearn_turtle._io._read import read_labels
from sklearn_turtle.metrics import clustering_accuracy
from tests.support.command_line import (
    FAST,
    FAST_PARAMETERS,
    N_SAMPLES,
    error_of,
    separated_spaces,
)

SPACES = ["clip.npy", "dino.npy"]


def test_labels_and_what_is_printed(folder, capsys):
    assert main(["fit", *SPACES, *FAST, "-o", "out.csv"]) == 0
    spaces, y = separated_spaces()
    labels = read_labels("out.csv")
    assert_array_equal(labels, TurtleClustering(**FAST_PARAMETERS).fit(spaces).labels_)
    assert clustering_accuracy(y, labels) > 0.9
    printed = capsys.readouterr().out
    assert f"clip: clip.npy, {N_SAMPLES} samples x 12 features, float16" in printed
    assert f"dino: dino.npy, {N_SAMPLES} samples x 8 features, float16" in printed
    assert "max_iter=40" in printed
    assert f"{N_SAMPLES} samples in 4 of 4 clusters, sizes from " in printed
    assert "Labels: out.csv" in printed
    assert sorted(os.listdir()) == ["clip.npy", "dino.npy", "out.csv", "true.npy"]


@pytest.mark.parametrize("model", ["model.safetensors", "model.pt"])
def test_model(folder, capsys, model):
    assert main(["fit", *SPACES, *FAST, "--model", model]) == 0
    assert f"Model: {model}" in capsys.readouterr().out
    predicted = read_model(model).predict([np.load(name) for name in SPACES])
    assert_array_equal(predicted, np.load("labels.npy"))


def test_parquet_with_a_column_of_vectors(folder, capsys):
    vectors = list(np.load("clip.npy"))
    pd.DataFrame({"id": range(N_SAMPLES), "v": vectors}).to_parquet("x.parquet")
    assert main(["fit", "clip.npy", *FAST, "--model", "clip.safetensors"]) == 0
    assert main(["fit", "x.parquet", *FAST, "-o", "x.npy"]) == 0
    assert_array_equal(np.load("x.npy"), np.load("labels.npy"))
    assert main(["predict", "clip.safetensors", "x.parquet:v", "-o", "predicted.npy"]) == 0
    assert_array_equal(np.load("predicted.npy"), np.load("labels.npy"))
    assert main(["score", "clip.safetensors", "x.parquet"]) == 0

    vectors[7] = vectors[7][:3]
    pd.DataFrame({"v": vectors}).to_parquet("x.parquet")
    message = error_of(capsys, ["fit", "x.parquet", *FAST])
    assert "x.parquet, column 'v', row 7: the vector has 3 values" in message


class TestParameters:
    @pytest.fixture
    def parameters_of(self, folder, monkeypatch):
        """Return the parameters of the estimator that a command fits, with a faster fit."""
        seen = []
        fit = TurtleClustering.fit

        def fast_fit(self, X, **options):
            seen.append(self.get_params())
            fast = TurtleClustering(**FAST_PARAMETERS).get_params()
            return fit(self.set_params(**fast), X, **options)

        def run(*arguments):
            assert main(["fit", "clip.npy", *arguments]) == 0
            return seen.pop()

        monkeypatch.setattr(TurtleClustering, "fit", fast_fit)
        return run

    def test_defaults_are_those_of_the_estimator(self, parameters_of):
        assert parameters_of("-k", "3") == TurtleClustering(3).get_params()
        assert np.load("labels.npy").shape == (N_SAMPLES,)

    def test_options(self, parameters_of):
        given = parameters_of("-k", "3", "--gamma", "2", "--scaling", "none", "--verbose")
        assert given == TurtleClustering(3, gamma=2, scaling=None, verbose=1).get_params()

    def test_released_settings(self, parameters_of):
        given = parameters_of("-k", "3", "--released-settings")
        assert given == TurtleClustering(3, **RELEASED_SETTINGS).get_params()

    def test_options_override_released_settings(self, parameters_of):
        given = parameters_of("-k", "3", "--max-iter", "7", "--released-settings")
        expected = TurtleClustering(3, **{**RELEASED_SETTINGS, "max_iter": 7})
        assert given == expected.get_params()

    def test_number_of_clusters_is_chosen(self, folder, capsys, monkeypatch):
        fit = TurtleClustering.fit

        def fit_four(self, X, **options):
            assert self.n_clusters == "auto"
            return fit(self.set_params(n_clusters=4), X).set_params(n_clusters="auto")

        monkeypatch.setattr(TurtleClustering, "fit", fit_four)
        assert main(["fit", "clip.npy", *FAST, "-k", "auto"]) == 0
        assert f"{N_SAMPLES} samples in 4 of 4 clusters" in capsys.readouterr().out


def test_stability_of_restarts(folder, capsys):
    assert main(["fit", "clip.npy", *FAST]) == 0
    assert "Stability (mean adjusted Rand index of the restarts): " in capsys.readouterr().out
    # a uniform prior keeps a single short restart from leaving clusters empty
    assert main(["fit", "clip.npy", *FAST, "--n-init", "1", "--cluster-prior", "uniform"]) == 0
    assert "Stability" not in capsys.readouterr().out


def test_verbose_prints_progress(folder, capsys):
    assert main(["fit", "clip.npy", *FAST, "--verbose"]) == 0
    assert "s: step " in capsys.readouterr().out
    assert main(["fit", "clip.npy", *FAST]) == 0
    assert "s: step " not in capsys.readouterr().out


def test_spaces_are_named_after_their_files(folder):
    (folder / "b").mkdir()
    (folder / "dino.npy").rename(folder / "b" / "clip.npy")
    assert main(["fit", "clip.npy", "b/clip.npy", *FAST, "--model", "m.safetensors"]) == 0
    assert read_model("m.safetensors").space_names_ == ["clip.npy", "b/clip.npy"]


def test_a_checkpoint_is_resumed(folder, monkeypatch):
    command = ["fit", "clip.npy", *FAST, "--checkpoint", "c.safetensors"]
    assert main([*command, "-o", "first.npy"]) == 0
    assert (folder / "c.safetensors").exists()
    fit = TurtleClustering.fit
    seen = []

    def watched_fit(self, X, **options):
        seen.append(options)
        return fit(self, X, **options)

    monkeypatch.setattr(TurtleClustering, "fit", watched_fit)
    assert main([*command, "-o", "again.npy"]) == 0
    assert seen == [{"checkpoint": "c.safetensors"}]
    assert_array_equal(np.load("again.npy"), np.load("first.npy"))


def test_checkpoint_of_another_fit(folder, capsys):
    command = ["fit", "clip.npy", *FAST, "--checkpoint", "c.safetensors"]
    assert main(command) == 0
    capsys.readouterr()
    assert "gamma" in error_of(capsys, [*command, "--gamma", "9"])


def test_table_and_tensor(folder):
    spaces, y = separated_spaces(np.float64)
    header = ",".join(f"c{j}" for j in range(spaces[0].shape[1]))
    np.savetxt("clip.csv", spaces[0], delimiter=",", header=header, comments="")
    torch.save(torch.from_numpy(spaces[1]), "dino.pt")
    assert main(["fit", "clip.csv", "dino.pt", *FAST]) == 0
    assert clustering_accuracy(y, np.load("labels.npy")) > 0.9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.npy", "-k", "4"], "none.npy: there is no such file"),
        (["clip.mat", "-k", "4"], "clip.mat: unknown suffix '.mat' for features"),
        (["true.npy", "-k", "4"], "true.npy: features must be a matrix"),
        (["clip.npy", "-k", "4", "-o", "y.pkl"], "y.pkl: unknown suffix '.pkl'"),
        (["clip.npy", "-k", "4", "-o", "clip.npy"], "clip.npy: is an input file"),
        (["clip.npy", "-k", "4", "--model", "m.npy"], "m.npy: unknown suffix '.npy'"),
        (["clip.npy", "-k", "4", "--checkpoint", "c.npy"], "c.npy: unknown suffix '.npy'"),
        (["clip.npy", "-k", "-1"], "The 'n_clusters' parameter of TurtleClustering must be"),
        (["clip.npy", "-k", "four"], "The 'n_clusters' parameter of TurtleClustering must be"),
        (["clip.npy", "-k", "4", "--gamma", "-1"], "The 'gamma' parameter of TurtleClustering"),
        (["clip.npy", "-k", "4", "--device", "abacus"], "abacus"),
        (["clip.npy", "-k", "999"], "(spaces: clip = clip.npy)"),
    ],
)
def test_errors(folder, capsys, arguments, message):
    assert message in error_of(capsys, ["fit", *arguments])
    assert sorted(os.listdir()) == ["clip.npy", "dino.npy", "true.npy"]


def test_different_numbers_of_rows(folder, capsys):
    np.save("dino.npy", np.zeros((7, 3)))
    error = error_of(capsys, ["fit", *SPACES, *FAST])
    assert str(N_SAMPLES) in error
    assert "7" in error
    assert "(spaces: clip = clip.npy, dino = dino.npy)" in error


def test_not_a_number(folder, capsys):
    matrix = np.load("dino.npy")
    matrix[3, 2] = np.nan
    np.save("dino.npy", matrix)
    error = error_of(capsys, ["fit", *SPACES, *FAST])
    assert "'dino'" in error
    assert "NaN" in error
