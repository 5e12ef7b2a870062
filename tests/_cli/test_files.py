"""Outputs are checked and written completely; models come back as they were."""

import os

import joblib
import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.files import (
    check_output,
    read_model,
    write_array,
    write_model,
    write_prediction,
)
from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_features, read_labels
from tests.support.command_line import separated_spaces
from tests.support.traps import Trap


@pytest.fixture
def turtle(model_folder):
    return TurtleClustering.load(model_folder / "model.safetensors")


class TestCheckOutput:
    def test_valid(self, tmp_path):
        check_output(str(tmp_path / "y.npy"), (".npy",), [str(tmp_path / "x.npy")])

    def test_suffix(self, tmp_path):
        message = r"y\.pkl: unknown suffix '\.pkl' for an output file; choose from \.npy, \.csv$"
        with pytest.raises(CommandError, match=message):
            check_output(str(tmp_path / "y.pkl"), (".npy", ".csv"))

    def test_missing_folder(self, tmp_path):
        with pytest.raises(CommandError, match=r"there is no folder .*missing$"):
            check_output(str(tmp_path / "missing" / "y.npy"), (".npy",))

    def test_folder_in_place_of_the_file(self, tmp_path):
        (tmp_path / "y.npy").mkdir()
        with pytest.raises(CommandError, match=r"y\.npy: is a folder"):
            check_output(str(tmp_path / "y.npy"), (".npy",))

    def test_folder_that_is_not_writable(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
        with pytest.raises(CommandError, match="is not writable"):
            check_output(str(tmp_path / "y.npy"), (".npy",))

    @pytest.mark.parametrize("suffix", [".npy", ".npz:clip"])
    def test_input(self, tmp_path, suffix):
        path = tmp_path / f"x{suffix.split(':')[0]}"
        path.touch()
        (tmp_path / "link.npy").symlink_to(path)
        with pytest.raises(CommandError, match=r"link\.npy: is an input file"):
            check_output(str(tmp_path / "link.npy"), (".npy",), [str(tmp_path / f"x{suffix}")])


class TestWriteArray:
    @pytest.mark.parametrize("suffix", [".npy", ".csv", ".txt"])
    @pytest.mark.parametrize(
        "array",
        [np.array([3, 0, 12], dtype=np.int32), np.float32([[0.1, 0.9], [1 / 3, 2 / 3]])],
        ids=["labels", "probabilities"],
    )
    def test_values_are_read_back(self, tmp_path, suffix, array):
        path = tmp_path / f"y{suffix}"
        write_array(str(path), array, "label")
        if array.ndim == 1:
            back = read_labels(str(path))
        elif suffix == ".txt":
            back = np.loadtxt(path)
        else:
            back = np.asarray(read_features(str(path)))
        assert_array_equal(back.astype(array.dtype), array)

    def test_headers(self, tmp_path):
        write_array(str(tmp_path / "y.csv"), np.array([3, 0]), "label")
        assert (tmp_path / "y.csv").read_text() == "label\n3\n0\n"
        write_array(str(tmp_path / "p.csv"), np.array([[0.5, 0.5]]), "cluster")
        assert (tmp_path / "p.csv").read_text() == "cluster0,cluster1\n0.5,0.5\n"

    def test_a_failure_keeps_the_old_file(self, tmp_path, monkeypatch):
        def fail(file, array, **options):
            file.write(b"a part")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "save", fail)
        path = tmp_path / "y.npy"
        path.write_text("old")
        with pytest.raises(CommandError, match=r"y\.npy: No space left on device$"):
            write_array(str(path), np.zeros(3), "label")
        assert path.read_text() == "old"
        assert os.listdir(tmp_path) == ["y.npy"]


class TestWritePrediction:
    def test_labels_and_probabilities(self, tmp_path, turtle):
        spaces, _ = separated_spaces()
        write_prediction(str(tmp_path / "y.npy"), turtle, spaces, False, 0)
        assert_array_equal(np.load(tmp_path / "y.npy"), turtle.labels_)
        write_prediction(str(tmp_path / "p.npy"), turtle, spaces, True, 0)
        assert_array_equal(np.load(tmp_path / "p.npy").argmax(1), turtle.labels_)

    def test_missing_folder(self, tmp_path, turtle):
        spaces, _ = separated_spaces()
        with pytest.raises(CommandError, match=r"y\.npy: No such file or directory$"):
            write_prediction(str(tmp_path / "missing" / "y.npy"), turtle, spaces, False, 0)


class TestModels:
    def test_missing(self, tmp_path):
        with pytest.raises(FileError, match=r"m\.pt: there is no such file"):
            read_model(str(tmp_path / "m.pt"))

    @pytest.mark.parametrize("name", ["m.safetensors", "m.SAFETENSORS"])
    def test_whole_estimator(self, tmp_path, turtle, name):
        write_model(str(tmp_path / name), turtle)
        back = read_model(str(tmp_path / name))
        assert_array_equal(back.labels_, turtle.labels_)
        assert_array_equal(back.predict(separated_spaces()[0]), turtle.labels_)

    def test_labeling_alone(self, tmp_path, turtle):
        write_model(str(tmp_path / "m.PT"), turtle)
        back = read_model(str(tmp_path / "m.PT"))
        assert_array_equal(back.predict(separated_spaces()[0]), turtle.labels_)
        assert not hasattr(back, "labels_")

    def test_labeling_that_cannot_be_written(self, tmp_path, monkeypatch, turtle):
        def fail(content, file):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(torch, "save", fail)
        with pytest.raises(CommandError, match=r"m\.pt: No space left on device$"):
            write_model(str(tmp_path / "m.pt"), turtle)

    def test_missing_package(self, tmp_path, monkeypatch, turtle):
        def without_safetensors(path):
            raise ImportError("Saving needs safetensors")

        monkeypatch.setattr(turtle, "save", without_safetensors)
        with pytest.raises(CommandError, match=r"m\.safetensors: Saving needs safetensors"):
            write_model(str(tmp_path / "m.safetensors"), turtle)

    @pytest.mark.parametrize("suffix", [".pt", ".safetensors", ".joblib", ".pth", ".pkl", ".npy"])
    def test_code_is_not_run(self, tmp_path, suffix):
        path = tmp_path / f"m{suffix}"
        joblib.dump(Trap(str(tmp_path / "sprung")), path, protocol=2)
        with pytest.raises(FileError, match=rf"m\{suffix}"):
            read_model(str(path))
        assert not (tmp_path / "sprung").exists()

    def test_unknown_suffix(self, tmp_path):
        message = r"unknown suffix '\.pkl' for models; choose from \.pt, \.safetensors$"
        with pytest.raises(FileError, match=message):
            read_model(str(tmp_path / "m.pkl"))

    def test_not_fitted(self, tmp_path):
        with pytest.raises(NotFittedError):
            write_model(str(tmp_path / "m.safetensors"), TurtleClustering())
        assert os.listdir(tmp_path) == []

    def test_damaged(self, tmp_path):
        (tmp_path / "m.safetensors").write_bytes(b"not a model")
        with pytest.raises(FileError, match=r"m\.safetensors") as raised:
            read_model(str(tmp_path / "m.safetensors"))
        assert str(raised.value).count("m.safetensors") == 1
