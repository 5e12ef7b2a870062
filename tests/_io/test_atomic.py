"""A file is written completely or not at all."""

import os
import stat

import pytest

from sklearn_turtle._io._atomic import replacing


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "y.bin"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["y.bin"]


def test_the_file_has_the_usual_permissions(tmp_path):
    with replacing(tmp_path / "y.bin") as file:
        file.write(b"new")
    (tmp_path / "other").touch()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("y.bin", "other")}
    assert len(modes) == 1


def test_a_link_keeps_its_target(tmp_path):
    (tmp_path / "link.bin").symlink_to(tmp_path / "y.bin")
    with replacing(tmp_path / "link.bin") as file:
        file.write(b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / "y.bin").read_bytes() == b"new"


def write_half(path, error):
    with replacing(path) as file:
        file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_no_file(tmp_path, error):
    with pytest.raises(error):
        write_half(tmp_path / "y.bin", error)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_keeps_the_old_file(tmp_path, error):
    (tmp_path / "y.bin").write_bytes(b"old")
    with pytest.raises(error):
        write_half(tmp_path / "y.bin", error)
    assert (tmp_path / "y.bin").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["y.bin"]


def test_missing_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_half(tmp_path / "missing" / "y.bin", ValueError)
