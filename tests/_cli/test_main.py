"""The command line from end to end: what is printed, what is written, what is refused."""

import os
import subprocess
import sys
import warnings
from importlib.metadata import entry_points

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

import sklearn_turtle
from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle._cli import commands, files, main
from sklearn_turtle.metrics import (
    clustering_accuracy,
    generalization_score,
    mean_per_class_accuracy,
)
from tests.support.label_files import literal_probabilities, released_features, save_released
from tests.support.two_spaces import two_spaces

SMALL = ["--n-clusters", "4", "--max-iter", "60", "--random-state", "0", "--device", "cpu"]
SMALL_PARAMETERS = {"n_clusters": 4, "max_iter": 60, "random_state": 0, "device": "cpu"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with clip.npy, dino.npy and true.npy."""
    monkeypatch.chdir(tmp_path)
    spaces, y = two_spaces(dtype=np.float16)
    np.save("clip.npy", spaces[0])
    np.save("dino.npy", spaces[1])
    np.save("true.npy", y)
    return tmp_path


@pytest.fixture
def fitted(folder, capsys):
    """The same with a model, model.safetensors, and its labels, labels.npy."""
    assert main(["fit", "clip.npy", "dino.npy", *SMALL, "--model", "model.safetensors"]) == 0
    capsys.readouterr()
    return folder


def error_of(capsys, arguments):
    """The one line that a command that fails prints."""
    assert main(arguments) == 2
    output = capsys.readouterr().err
    assert output.startswith("python -m sklearn_turtle: error: ")
    assert output.count("\n") == 1
    return output


class TestFit:
    def test_labels_and_report(self, folder, capsys):
        assert main(["fit", "clip.npy", "dino.npy", *SMALL, "-o", "out.csv"]) == 0
        spaces, y = two_spaces(dtype=np.float16)
        expected = TurtleClustering(**SMALL_PARAMETERS).fit(spaces).labels_
        assert_array_equal(files.read_labels("out.csv"), expected)
        assert clustering_accuracy(y, expected) > 0.9
        printed = capsys.readouterr().out
        assert "clip: clip.npy, 240 samples x 12 features, float16" in printed
        assert "dino: dino.npy, 240 samples x 8 features, float16" in printed
        assert "max_iter=60" in printed
        assert "240 samples in 4 of 4 clusters, sizes from " in printed
        assert "Labels: out.csv" in printed
        assert sorted(os.listdir()) == ["clip.npy", "dino.npy", "out.csv", "true.npy"]

    def test_defaults_are_those_of_the_estimator(self, folder, monkeypatch):
        seen = self.parameters_of_fit(monkeypatch, ["-k", "3"])
        assert seen == TurtleClustering(3).get_params()
        assert np.load("labels.npy").shape == (240,)

    def test_released_settings_and_what_overrides_them(self, folder, monkeypatch):
        seen = self.parameters_of_fit(monkeypatch, ["-k", "3", "--released-settings"])
        assert seen == TurtleClustering(3, **RELEASED_SETTINGS).get_params()
        given = ["-k", "3", "--max-iter", "7", "--released-settings"]
        seen = self.parameters_of_fit(monkeypatch, given)
        assert seen == TurtleClustering(3, **{**RELEASED_SETTINGS, "max_iter": 7}).get_params()

    def parameters_of_fit(self, monkeypatch, arguments):
        """What TurtleClustering.fit is called with, in place of which something short runs."""
        seen = []
        fit = TurtleClustering.fit

        def short_fit(self, X, **how):
            seen.append(self.get_params())
            return fit(self.set_params(**SMALL_PARAMETERS | {"gamma": 10, "scaling": "l1"}), X)

        with monkeypatch.context() as context:
            context.setattr(TurtleClustering, "fit", short_fit)
            assert main(["fit", "clip.npy", *arguments]) == 0
        return seen[0]

    def test_stability_of_restarts(self, folder, capsys):
        assert main(["fit", "clip.npy", "dino.npy", *SMALL, "--n-init", "3"]) == 0
        assert "Stability (mean adjusted Rand index of the restarts): " in capsys.readouterr().out
        assert main(["fit", "clip.npy", "dino.npy", *SMALL, "--n-init", "1"]) == 0
        assert "Stability" not in capsys.readouterr().out

    def test_verbose_shows_progress(self, folder, capsys):
        assert main(["fit", "clip.npy", *SMALL, "--verbose"]) == 0
        assert "s: step " in capsys.readouterr().out
        assert main(["fit", "clip.npy", *SMALL]) == 0
        assert "s: step " not in capsys.readouterr().out

    def test_spaces_are_named_after_their_files(self, folder):
        os.mkdir("b")
        os.rename("dino.npy", "b/clip.npy")
        arguments = [*SMALL, "--model", "m.safetensors"]
        assert main(["fit", "clip.npy", *arguments]) == 0
        assert files.read_model("m.safetensors").space_names_ == ["clip"]
        assert main(["fit", "clip.npy", "b/clip.npy", *arguments]) == 0
        assert files.read_model("m.safetensors").space_names_ == ["clip.npy", "b/clip.npy"]
        assert main(["fit", "clip.npy", "clip.npy", *arguments]) == 0
        assert files.read_model("m.safetensors").space_names_ == ["space0", "space1"]

    def test_goes_on_from_a_checkpoint(self, folder, monkeypatch):
        fit = ["fit", "clip.npy", *SMALL, "--checkpoint", "c.safetensors"]
        assert main([*fit, "-o", "first.npy"]) == 0
        solve = TurtleClustering.fit
        seen = []
        monkeypatch.setattr(
            TurtleClustering,
            "fit",
            lambda self, X, **how: seen.append(how) or solve(self, X, **how),
        )
        assert main([*fit, "-o", "again.npy"]) == 0
        assert seen == [{"checkpoint": "c.safetensors"}]
        assert_array_equal(np.load("again.npy"), np.load("first.npy"))

    def test_checkpoint_of_another_fit(self, folder, capsys):
        fit = ["fit", "clip.npy", *SMALL, "--checkpoint", "c.safetensors"]
        assert main(fit) == 0
        capsys.readouterr()
        assert "of a fit with other parameters: gamma" in error_of(capsys, [*fit, "--gamma", "9"])

    def test_table_and_tensor(self, folder):
        spaces, _ = two_spaces()
        header = ",".join(f"c{j}" for j in range(spaces[0].shape[1]))
        np.savetxt("clip.csv", spaces[0], delimiter=",", header=header, comments="")
        torch.save(torch.from_numpy(spaces[1]), "dino.pt")
        assert main(["fit", "clip.csv", "dino.pt", *SMALL]) == 0
        assert clustering_accuracy(np.load("true.npy"), np.load("labels.npy")) > 0.9

    @pytest.mark.filterwarnings("always")
    def test_warnings_are_one_line(self, folder, capsys, monkeypatch):
        fit = TurtleClustering.fit

        def warn_and_fit(self, X, **how):
            warnings.warn("Two clusters\nare empty.", UserWarning, stacklevel=2)
            return fit(self, X, **how)

        monkeypatch.setattr(TurtleClustering, "fit", warn_and_fit)
        assert main(["fit", "clip.npy", *SMALL]) == 0
        warned = "python -m sklearn_turtle: warning: Two clusters are empty.\n"
        assert capsys.readouterr().err == warned


class TestPredict:
    def test_labels(self, fitted, capsys):
        assert main(["predict", "model.safetensors", "clip.npy", "dino.npy", "-o", "new.txt"]) == 0
        assert_array_equal(files.read_labels("new.txt"), np.load("labels.npy"))
        printed = capsys.readouterr().out
        assert "240 samples in 4 of 4 clusters" in printed
        assert "Labels: new.txt" in printed

    def test_probabilities(self, fitted, capsys):
        arguments = ["model.safetensors", "clip.npy", "dino.npy", "--proba", "-o", "new.npy"]
        assert main(["predict", *arguments]) == 0
        probabilities = np.load("new.npy")
        assert probabilities.shape == (240, 4)
        assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
        assert_array_equal(probabilities.argmax(axis=1), np.load("labels.npy"))
        assert "Probabilities: new.npy" in capsys.readouterr().out

    def test_other_files_than_those_of_fit(self, fitted, capsys):
        spaces, _ = two_spaces()
        np.save("new_clip.npy", spaces[0][:50])
        np.save("new_dino.npy", spaces[1][:50])
        assert main(["predict", "model.safetensors", "new_clip.npy", "new_dino.npy"]) == 0
        assert "clip: new_clip.npy, 50 samples" in capsys.readouterr().out
        assert_array_equal(np.load("predictions.npy"), np.load("labels.npy")[:50])

    def test_number_of_spaces(self, fitted, capsys):
        error = error_of(capsys, ["predict", "model.safetensors", "clip.npy"])
        assert "model.safetensors: has 2 space(s), but 1 feature file(s) are given" in error

    def test_order_of_spaces(self, fitted, capsys):
        error = error_of(capsys, ["predict", "model.safetensors", "dino.npy", "clip.npy"])
        assert "'clip' has 8 features" in error
        assert "(spaces: clip = dino.npy, dino = clip.npy)" in error

    def test_model_is_not_overwritten(self, fitted, capsys):
        os.rename("model.safetensors", "model.npy")
        arguments = ["predict", "model.npy", "clip.npy", "dino.npy", "-o", "model.npy"]
        assert "model.npy: is one of the inputs" in error_of(capsys, arguments)


class TestScore:
    def test_without_labels(self, fitted, capsys):
        assert main(["score", "model.safetensors", "clip.npy", "dino.npy"]) == 0
        printed = capsys.readouterr().out.splitlines()
        turtle = files.read_model("model.safetensors")
        score = turtle.score([np.load("clip.npy"), np.load("dino.npy")])
        assert printed[-1] == f"Generalization score: {score:.3f}"

    def test_with_labels(self, fitted, capsys):
        arguments = ["score", "model.safetensors", "clip.npy", "dino.npy", "--labels", "true.npy"]
        assert main(arguments) == 0
        printed = capsys.readouterr().out.splitlines()[-4:]
        accuracy = clustering_accuracy(np.load("true.npy"), np.load("labels.npy"))
        assert printed[0].startswith("Generalization score: ")
        assert printed[1] == f"Accuracy: {accuracy:.3f}"
        assert [line.split(":")[0] for line in printed[2:]] == ["NMI", "ARI"]

    def test_labels_that_are_strings(self, fitted, capsys):
        with open("true.txt", "w") as file:
            file.writelines(f"class {label}\n" for label in np.load("true.npy"))
        results = []
        for labels in ("true.txt", "true.npy"):
            arguments = ["score", "model.safetensors", "clip.npy", "dino.npy", "--labels", labels]
            assert main(arguments) == 0
            results.append(capsys.readouterr().out)
        assert results[0] == results[1]

    def test_number_of_labels(self, fitted, capsys):
        np.save("few.npy", np.zeros(7, dtype=int))
        arguments = ["score", "model.safetensors", "clip.npy", "dino.npy", "--labels", "few.npy"]
        assert "few.npy: has 7 labels, but clip.npy has 240 samples" in error_of(capsys, arguments)


class TestEvaluate:
    @pytest.fixture
    def released(self, tmp_path, monkeypatch):
        """A label file as the authors release it, features for it, and classes."""
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

    def test_with_labels(self, released, capsys):
        arguments = ["cifar10.pt", "clip.npy", "dino.npy", "--labels", "true.npy"]
        assert main(["evaluate", *arguments]) == 0
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

    def test_without_labels(self, released, capsys):
        assert main(["evaluate", "cifar10.pt", "clip.npy", "dino.npy"]) == 0
        spaces = [np.load("clip.npy"), np.load("dino.npy")]
        score = generalization_score(released[0], spaces)
        assert capsys.readouterr().out.splitlines()[3:] == [f"Generalization score: {score:.3f}"]

    @pytest.mark.parametrize("model", ["model.safetensors", "model.pt"])
    def test_of_a_fit(self, folder, capsys, model):
        assert main(["fit", "clip.npy", "dino.npy", *SMALL, "--model", model]) == 0
        assert f"Model: {model}" in capsys.readouterr().out
        assert main(["evaluate", model, "clip.npy", "dino.npy", "--labels", "true.npy"]) == 0
        accuracy = clustering_accuracy(np.load("true.npy"), np.load("labels.npy"))
        assert f"\nAccuracy: {accuracy:.3f}\n" in capsys.readouterr().out

    def test_predict_and_score_take_label_files(self, released, capsys):
        assert main(["predict", "cifar10.pt", "clip.npy", "dino.npy"]) == 0
        assert_array_equal(np.load("predictions.npy"), released[0])
        capsys.readouterr()
        assert main(["score", "cifar10.pt", "clip.npy", "dino.npy"]) == 0
        scored = capsys.readouterr().out.splitlines()[-1]
        assert main(["evaluate", "cifar10.pt", "clip.npy", "dino.npy"]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == scored

    def test_number_of_labels(self, released, capsys):
        np.save("few.npy", np.zeros(7, dtype=int))
        error = error_of(
            capsys, ["evaluate", "cifar10.pt", "clip.npy", "dino.npy", "--labels", "few.npy"]
        )
        assert "few.npy: has 7 labels, but clip.npy has 200 samples" in error

    def test_spaces_that_do_not_fit(self, released, capsys):
        error = error_of(capsys, ["evaluate", "cifar10.pt", "clip.npy"])
        assert "cifar10.pt: has 2 space(s), but 1 feature file(s) are given" in error
        error = error_of(capsys, ["evaluate", "cifar10.pt", "dino.npy", "clip.npy"])
        assert "'phi1' has 3 features" in error
        assert "(spaces: phi1 = dino.npy, phi2 = clip.npy)" in error

    def test_damaged_label_file(self, released, capsys):
        with open("cifar10.pt", "r+b") as file:
            file.truncate(500)
        error = error_of(capsys, ["evaluate", "cifar10.pt", "clip.npy", "dino.npy"])
        assert error.count("cifar10.pt") == 1
        assert "is damaged" in error


class TestDigits:
    @pytest.fixture(autouse=True)
    def few_digits(self, tmp_path, monkeypatch):
        """A few rows, since what is tested is the report."""
        monkeypatch.chdir(tmp_path)
        spaces, digits = commands.load_digit_spaces()
        few = {name: matrix[:300] for name, matrix in spaces.items()}
        monkeypatch.setattr(commands, "load_digit_spaces", lambda: (few, digits[:300]))
        self.digits = digits[:300]

    def test_no_arguments(self, capsys, tmp_path):
        assert main([]) == 0
        printed = capsys.readouterr().out
        accuracy = clustering_accuracy(self.digits, np.load("digits_labels.npy"))
        (line,) = [line for line in printed.splitlines() if line.startswith("TurtleClustering ")]
        assert line.split()[1] == f"{accuracy:.3f}"
        assert "KMeans on the same features" in printed
        assert printed.splitlines()[-1].endswith(str(tmp_path / "digits_labels.npy"))

    @pytest.mark.parametrize("arguments", [["-o", "d.csv"], ["digits", "--output", "d.csv"]])
    def test_output(self, arguments):
        assert main(arguments) == 0
        assert os.listdir() == ["d.csv"]
        assert files.read_labels("d.csv").shape == (300,)

    def test_output_is_checked_first(self, capsys):
        error = error_of(capsys, ["-o", "missing/d.npy"])
        assert "missing/d.npy: there is no folder missing" in error


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["none.npy", "-k", "4"], "none.npy: there is no such file"),
            (["clip.mat", "-k", "4"], "clip.mat: features are not read from files that end in"),
            (["true.npy", "-k", "4"], "true.npy: features must be a matrix"),
            (["clip.npy", "-k", "4", "-o", "y.pkl"], "y.pkl: cannot write a file that ends in"),
            (["clip.npy", "-k", "4", "-o", "clip.npy"], "clip.npy: is one of the inputs"),
            (["clip.npy", "-k", "4", "--model", "m.npy"], "m.npy: cannot write a file that ends"),
            (["clip.npy", "-k", "-1"], "The 'n_clusters' parameter of TurtleClustering must be"),
            (["clip.npy", "-k", "four"], "The 'n_clusters' parameter of TurtleClustering must be"),
            (["clip.npy", "-k", "4", "--gamma", "-1"], "The 'gamma' parameter of TurtleClusteri"),
            (["clip.npy", "-k", "4", "--device", "abacus"], "device='abacus' cannot be used here"),
            (["clip.npy", "-k", "999"], "n_samples=240 should be >= n_clusters=999"),
        ],
    )
    def test_fit(self, folder, capsys, arguments, message):
        assert message in error_of(capsys, ["fit", *arguments])
        assert sorted(os.listdir()) == ["clip.npy", "dino.npy", "true.npy"]

    def test_files_are_named_unless_a_parameter_is_wrong(self, folder, capsys):
        assert "clip.npy" in error_of(capsys, ["fit", "clip.npy", "-k", "999"])
        assert "clip.npy" not in error_of(capsys, ["fit", "clip.npy", "-k", "-1"])

    def test_row_counts(self, folder, capsys):
        np.save("dino.npy", np.zeros((7, 3)))
        error = error_of(capsys, ["fit", "clip.npy", "dino.npy", *SMALL])
        assert "240" in error
        assert "7" in error
        assert "(spaces: clip = clip.npy, dino = dino.npy)" in error

    def test_not_a_number(self, folder, capsys):
        matrix = np.load("dino.npy")
        matrix[3, 2] = np.nan
        np.save("dino.npy", matrix)
        error = error_of(capsys, ["fit", "clip.npy", "dino.npy", *SMALL])
        assert "'dino'" in error
        assert "NaN" in error

    @pytest.mark.parametrize("error", [MemoryError("4 GB"), torch.cuda.OutOfMemoryError("4 GB")])
    def test_memory(self, folder, capsys, monkeypatch, error):
        def fit(self, X, **how):
            raise error

        monkeypatch.setattr(TurtleClustering, "fit", fit)
        message = error_of(capsys, ["fit", "clip.npy", *SMALL])
        assert "there is not enough memory (4 GB)" in message

    def test_interrupt(self, folder, capsys, monkeypatch):
        def fit(self, X, **how):
            raise KeyboardInterrupt

        monkeypatch.setattr(TurtleClustering, "fit", fit)
        assert main(["fit", "clip.npy", *SMALL]) == 130
        assert "interrupted" in capsys.readouterr().err

    def test_errors_of_the_program_itself_are_not_hidden(self, folder, monkeypatch):
        def fit(self, X, **how):
            raise ZeroDivisionError

        monkeypatch.setattr(TurtleClustering, "fit", fit)
        with pytest.raises(ZeroDivisionError):
            main(["fit", "clip.npy", *SMALL])


class TestArguments:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--help"], ["digits", "fit", "predict", "score", "evaluate"]),
            (["digits", "--help"], ["--output", "KMeans"]),
            (["fit", "--help"], ["--n-clusters", "--inner-lr", ".safetensors", "default=10.0"]),
            (["predict", "--help"], ["--proba", "runs code"]),
            (["score", "--help"], ["--labels", "runs code"]),
            (["evaluate", "--help"], ["--labels", "runs code", "accuracy per class"]),
        ],
    )
    def test_help(self, capsys, arguments, told):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 0
        printed = " ".join(capsys.readouterr().out.split())
        assert printed.startswith("usage: python -m sklearn_turtle")
        for words in told:
            assert words in printed

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["fly"], "invalid choice: 'fly'"),
            (["fit", "clip.npy"], "required: -k/--n-clusters"),
            (["fit", "-k", "3"], "required: FILE"),
            (["-o", "y.npy", "fit", "clip.npy"], "unrecognized arguments: fit clip.npy"),
        ],
    )
    def test_misuse(self, capsys, arguments, message):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
        assert message in capsys.readouterr().err

    def test_version(self, capsys):
        with pytest.raises(SystemExit):
            main(["--version"])
        assert capsys.readouterr().out == sklearn_turtle.__version__ + "\n"

    def test_installed_command(self):
        (entry,) = entry_points(group="console_scripts", name="sklearn-turtle")
        assert entry.load() is main

    def test_as_a_module(self, folder):
        """As a process of its own: exit status, streams, and no traceback."""
        command = [sys.executable, "-m", "sklearn_turtle"]
        process = subprocess.run(
            [*command, "fit", "none.npy", "-k", "4"], capture_output=True, text=True
        )
        assert process.returncode == 2
        assert process.stdout == ""
        assert process.stderr == (
            "python -m sklearn_turtle: error: none.npy: there is no such file\n"
        )
