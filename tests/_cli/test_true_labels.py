"""Comparison with true labels."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.true_labels import SCORES, print_scores, read_true_labels

SPACES = [np.zeros((4, 2)), np.zeros((4, 3))]


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "true.txt"
    path.write_text("cat\ndog\ndog\ncat\n")
    return str(path)


def test_read(labels):
    read = read_true_labels(labels, ["a.npy", "b.npy"], SPACES)
    assert_array_equal(read, ["cat", "dog", "dog", "cat"])
    assert read_true_labels(None, ["a.npy", "b.npy"], SPACES) is None


def test_number_of_labels(labels):
    message = r"true\.txt: has 4 labels, but a\.npy has 5 samples"
    with pytest.raises(CommandError, match=message):
        read_true_labels(labels, ["a.npy"], [np.zeros((5, 2))])


def test_print(capsys):
    print_scores(SCORES, np.array(["cat", "dog", "dog", "cat"]), np.array([1, 0, 0, 1]))
    assert capsys.readouterr().out == "Accuracy: 1.000\nNMI: 1.000\nARI: 1.000\n"
