"""Writing that a failure cannot leave half done."""

import os

import pytest

from sklearn_turtle._io._atomic import replacing


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "y.bin"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["y.bin"]


def write_half(path, error):
    with replacing(path) as file:
        file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_failure_leaves_no_trace(tmp_path, error):
    with pytest.raises(error):
        write_half(tmp_path / "y.bin", error)
    assert os.listdir(tmp_path) == []


def test_folder_that_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_half(tmp_path / "missing" / "y.bin", ValueError)
