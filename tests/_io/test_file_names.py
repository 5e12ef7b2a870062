"""File names, and errors that name the file."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._file_names import errors_naming, split_name
from sklearn_turtle._io._read import read_features
from tests.support.array_files import MATRIX, save_npz


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.npz", ("x.npz", None)),
        ("x.npz:clip", ("x.npz", "clip")),
        ("X.NPZ:clip", ("X.NPZ", "clip")),
        ("run:3/x.npz", ("run:3/x.npz", None)),
        ("run:3/x.npz:clip", ("run:3/x.npz", "clip")),
        ("x.bin:clip", ("x.bin:clip", None)),
    ],
)
def test_split(name, expected):
    path, member = split_name(name, [".npz"])
    assert (path, member) == (Path(expected[0]), expected[1])


def test_file_whose_name_contains_a_colon(tmp_path):
    folder = tmp_path / "run:3.npz:old"
    folder.mkdir()
    save_npz(folder / "x.npz", MATRIX)
    assert_array_equal(read_features(f"{folder}/x.npz"), MATRIX)
    assert_array_equal(read_features(f"{folder}/x.npz:clip"), MATRIX)
    (tmp_path / "x.npz:clip").touch()
    assert split_name(str(tmp_path / "x.npz:clip"), [".npz"])[1] is None


def message_of(error):
    with pytest.raises(FileError) as raised, errors_naming("x.npy"):
        raise error
    return str(raised.value)


def test_errors_of_readers():
    assert message_of(ValueError("bad header\nat byte 3")) == ("x.npy: cannot be read (bad header)")
    assert message_of(KeyError()) == "x.npy: cannot be read (KeyError)"
    assert message_of(FileError("y.npy: empty")) == "y.npy: empty"


def test_errors_of_the_system(tmp_path, monkeypatch):
    def refuse(path, mode):
        raise PermissionError(13, "Permission denied")

    np.save(tmp_path / "x.npy", MATRIX)
    monkeypatch.setattr(np.lib.format, "open_memmap", refuse)
    with pytest.raises(FileError, match=r"x\.npy: Permission denied$"):
        read_features(str(tmp_path / "x.npy"))


@pytest.mark.parametrize(
    ("module", "suffix", "packages"),
    [
        ("safetensors", ".safetensors", "safetensors"),
        ("pandas", ".csv", "pandas"),
        ("pyarrow", ".parquet", "pandas pyarrow"),
        ("h5py", ".h5", "h5py"),
        ("zarr", ".zarr", "zarr"),
    ],
)
def test_missing_package(tmp_path, monkeypatch, module, suffix, packages):
    (tmp_path / f"x{suffix}").touch()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(FileError, match=rf"x{suffix}: .* is missing: pip install {packages}$"):
        read_features(str(tmp_path / f"x{suffix}"))


def test_broken_package(tmp_path, monkeypatch):
    (tmp_path / "x.h5").touch()
    broken = tmp_path / "broken" / "h5py"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('libhdf5.so: not found')")
    monkeypatch.syspath_prepend(broken.parent)
    monkeypatch.delitem(sys.modules, "h5py")
    message = r"x\.h5: needs h5py, which is installed but fails to import \(.*libhdf5\.so"
    with pytest.raises(FileError, match=message):
        read_features(str(tmp_path / "x.h5"))
