"""Files in NumPy's format, written one slice at a time."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._io._npy import NpyRows

MATRIX = np.arange(20, dtype=np.float64).reshape(10, 2)


def write(path, verbose=0):
    with open(path, "wb") as file:
        out = NpyRows(file, (10, 2), np.float32, verbose)
        for start in range(0, 10, 3):
            out[start : min(start + 3, 10)] = MATRIX[start : start + 3]


def test_numpy_reads_the_file(tmp_path):
    write(tmp_path / "x.npy")
    written = np.load(tmp_path / "x.npy")
    assert written.dtype == np.float32
    assert_array_equal(written, MATRIX)


def test_slices_must_be_in_order(tmp_path):
    with open(tmp_path / "x.npy", "wb") as file:
        out = NpyRows(file, (10, 2), np.float32)
        with pytest.raises(IndexError, match="expected row 0, got 3"):
            out[3:6] = MATRIX[3:6]


def test_progress(tmp_path, capsys):
    write(tmp_path / "x.npy")
    assert capsys.readouterr().out == ""
    write(tmp_path / "x.npy", verbose=1)
    assert "10/10 rows" in capsys.readouterr().out
    write(tmp_path / "x.npy", verbose=2)
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_about_ten_lines_of_progress(tmp_path, capsys):
    with open(tmp_path / "x.npy", "wb") as file:
        out = NpyRows(file, (1000,), np.int32, verbose=1)
        for row in range(1000):
            out[row : row + 1] = np.array([row])
    assert len(capsys.readouterr().out.splitlines()) == 10
