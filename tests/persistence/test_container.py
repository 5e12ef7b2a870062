"""Files with arrays, a JSON header and a checksum."""

import pickle

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from sklearn_turtle.persistence._container import read_container, write_container
from tests.support.traps import Trap

CONTENT = {"name": "ä", "sizes": [1, 2.5, None]}
ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([1, -2], dtype=np.int16)}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("container") / "x.safetensors"
    write_container(path, "test", 1, CONTENT, ARRAYS)
    return path


@pytest.fixture
def path(written, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(written.read_bytes())
    return path


def test_round_trip(path):
    content, arrays = read_container(path, "test", 1)
    assert content == CONTENT
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_array_in_any_memory_order(tmp_path):
    array = np.arange(24.0).reshape(4, 6)[::2, ::-1].T
    write_container(tmp_path / "x", "test", 1, {}, {"a": array})
    _, arrays = read_container(tmp_path / "x", "test", 1)
    np.testing.assert_array_equal(arrays["a"], array)


def test_earlier_format_version(path):
    assert read_container(path, "test", 2)[0] == CONTENT


class TestErrors:
    def test_truncated_file(self, path):
        whole = path.read_bytes()
        for size in (0, 1, 7, 8, 9, 100, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:size])
            with pytest.raises(ValueError, match=r"x\.safetensors: not a safetensors file, or a"):
                read_container(path, "test", 1)

    @settings(deadline=None)
    @given(st.data())
    def test_flipped_bit(self, written, data):
        flipped = bytearray(written.read_bytes())
        position = data.draw(st.integers(0, len(flipped) - 1))
        flipped[position] ^= 1 << data.draw(st.integers(0, 7))
        path = written.with_name("flipped")
        path.write_bytes(flipped)
        with pytest.raises(ValueError, match="/flipped: "):
            read_container(path, "test", 1)

    @pytest.mark.parametrize("dump", [pickle.dump, joblib.dump])
    def test_pickle_is_not_loaded(self, tmp_path, dump):
        with open(tmp_path / "x.safetensors", "wb") as file:
            dump(Trap(str(tmp_path / "sprung")), file)
        with pytest.raises(ValueError, match=r"x\.safetensors: .* could run code"):
            read_container(tmp_path / "x.safetensors", "test", 1)
        assert not (tmp_path / "sprung").exists()

    def test_other_safetensors_file(self, tmp_path):
        save_file({"weight": np.ones(3)}, tmp_path / "x")
        with pytest.raises(ValueError, match=r"/x: expected .* kind 'test', but .* kind None"):
            read_container(tmp_path / "x", "test", 1)

    def test_other_kind(self, path):
        with pytest.raises(ValueError, match="of kind 'model', but its header has kind 'test'"):
            read_container(path, "model", 1)

    def test_missing_format_version(self, tmp_path):
        save_file({"a": np.ones(2)}, tmp_path / "x", {"kind": "test", "content": "{}"})
        with pytest.raises(ValueError, match="/x: the header has no format version"):
            read_container(tmp_path / "x", "test", 1)

    def test_later_format_version(self, tmp_path):
        write_container(tmp_path / "x", "test", 2, {}, {"a": np.ones(2)})
        with pytest.raises(ValueError, match=r"/x: has format version 2, .*update sklearn-turtle"):
            read_container(tmp_path / "x", "test", 1)

    def test_missing_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            read_container(tmp_path / "nowhere", "test", 1)
