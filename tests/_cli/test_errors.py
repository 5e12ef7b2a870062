"""Errors of the library become one line."""

import pytest
import torch

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.errors import CommandError, one_line_errors
from sklearn_turtle._io._errors import FileError


def message_of(error, paths=("clip.npy",), names=("clip",)):
    with pytest.raises(CommandError) as raised, one_line_errors(paths, names):
        raise error
    return str(raised.value)


def test_line_breaks_become_spaces():
    assert str(CommandError("Two\n  lines.")) == "Two lines."


def test_errors_about_the_features_list_the_files():
    assert message_of(ValueError("Too\nfew rows.")) == "Too few rows. (spaces: clip = clip.npy)"
    assert message_of(TypeError("Sparse."), ["a", "b"], ["x", "y"]) == (
        "Sparse. (spaces: x = a, y = b)"
    )
    assert message_of(ValueError("Too few rows."), (), ()) == "Too few rows."


@pytest.mark.parametrize("error", [FileError("y.txt: empty"), OSError("no"), ImportError("no")])
def test_other_errors_do_not_list_the_files(error):
    assert message_of(error) == str(error)


def test_invalid_parameters_do_not_list_the_files():
    with pytest.raises(CommandError) as raised, one_line_errors(["clip.npy"], ["clip"]):
        TurtleClustering(n_clusters=-1).fit([[0.0], [1.0]])
    assert "'n_clusters' parameter" in str(raised.value)
    assert "clip.npy" not in str(raised.value)


@pytest.mark.parametrize("error", [MemoryError("4 GB"), torch.cuda.OutOfMemoryError("4 GB")])
def test_memory(error):
    assert message_of(error).startswith("there is not enough memory (4 GB)")


def test_bugs_are_not_hidden():
    with pytest.raises(ZeroDivisionError), one_line_errors():
        raise ZeroDivisionError
