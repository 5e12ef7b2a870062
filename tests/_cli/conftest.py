import shutil

import numpy as np
import pytest

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.files import write_model
from tests.support.command_line import FAST_PARAMETERS, separated_spaces


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with the spaces clip.npy and dino.npy and the true labels true.npy."""
    monkeypatch.chdir(tmp_path)
    spaces, y = separated_spaces()
    np.save("clip.npy", spaces[0])
    np.save("dino.npy", spaces[1])
    np.save("true.npy", y)
    return tmp_path


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    """A folder with model.safetensors, model.pt and labels.npy, the labels of the fit."""
    path = tmp_path_factory.mktemp("model")
    spaces, _ = separated_spaces()
    turtle = TurtleClustering(**FAST_PARAMETERS).fit({"clip": spaces[0], "dino": spaces[1]})
    write_model(str(path / "model.safetensors"), turtle)
    write_model(str(path / "model.pt"), turtle)
    np.save(path / "labels.npy", turtle.labels_)
    return path


@pytest.fixture
def fitted(folder, model_folder):
    """The current folder, with the spaces, the true labels, the model and its labels."""
    shutil.copytree(model_folder, folder, dirs_exist_ok=True)
    return folder
