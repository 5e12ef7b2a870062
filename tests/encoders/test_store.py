"""Embeddings on disk."""

import json

import numpy as np
import pytest

from sklearn_turtle.encoders import _store
from sklearn_turtle.encoders._digests import digest_of
from sklearn_turtle.encoders._store import open_store

SETTINGS = {"model": "tiny", "precision": "auto"}


def digests(numbers):
    return [digest_of(f"{number}".encode()) for number in numbers]


def rows(numbers):
    return np.array([[number, -number] for number in numbers], dtype=np.float32)


def store_of(tmp_path, **changed):
    return open_store(tmp_path, "tiny", SETTINGS | changed)


def test_rows_come_back_in_any_order(tmp_path):
    store = store_of(tmp_path)
    assert store.n_features is None
    for start in range(0, 30, 10):
        store.add(digests(range(start, start + 10)), rows(range(start, start + 10)))
        store.flush()
    for opened in (store, store_of(tmp_path)):
        assert len(opened) == 30
        assert opened.n_features == 2
        asked = [29, 0, 11, 11]
        np.testing.assert_array_equal(opened.read(digests(asked)), rows(asked))
        assert digests([29])[0] in opened
        assert digests([30])[0] not in opened


def test_digest_may_end_in_zeros(tmp_path):
    store = store_of(tmp_path)
    digest = b"\x01" + bytes(15)
    store.add([digest], rows([1]))
    store.flush()
    np.testing.assert_array_equal(store_of(tmp_path).read([digest]), rows([1]))


def test_written_when_many_or_waiting_long(tmp_path, monkeypatch):
    store = store_of(tmp_path)
    store.add(digests([0]), rows([0]))
    assert len(store_of(tmp_path)) == 0
    store.add(digests(range(1, 1100)), rows(range(1, 1100)))
    assert len(store_of(tmp_path)) == 1100
    monkeypatch.setattr(_store, "SECONDS_PER_CHUNK", 0.0)
    store.add(digests([2000]), rows([2000]))
    assert len(store_of(tmp_path)) == 1101


def test_nothing_to_write(tmp_path):
    store_of(tmp_path).flush()
    assert len(store_of(tmp_path)) == 0


def test_other_settings_are_another_store(tmp_path):
    store = store_of(tmp_path)
    store.add(digests([0]), rows([0]))
    store.flush()
    assert len(store_of(tmp_path, precision="float32")) == 0
    assert len(store_of(tmp_path)) == 1


def test_settings_are_kept_for_people(tmp_path):
    store_of(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("tiny-")
    assert json.loads((folder / "settings.json").read_text()) == SETTINGS


def test_name_becomes_a_name_of_a_folder(tmp_path):
    open_store(tmp_path, "../a:b/c d", SETTINGS)
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("a-b-c-d-")


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_damaged_file_is_as_if_not_there(tmp_path, damage):
    store = store_of(tmp_path)
    for number in (1, 2):
        store.add(digests([number]), rows([number]))
        store.flush()
    path = store._place[digests([1])[0]][0]
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "other": b"no zip"}[damage])
    with pytest.warns(UserWarning, match="is damaged"):
        again = store_of(tmp_path)
    assert len(again) == 1
    again.add(digests([1]), rows([1]))
    again.flush()
    np.testing.assert_array_equal(store_of(tmp_path).read(digests([2, 1])), rows([2, 1]))


def test_what_a_killed_process_left_is_not_read(tmp_path):
    store_of(tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / ".00.npz.1234.partial").write_bytes(b"half")
    assert len(store_of(tmp_path)) == 0


def test_two_processes_at_once(tmp_path):
    first, second = store_of(tmp_path), store_of(tmp_path)
    for store in (first, second):
        store.add(digests([1, 2]), rows([1, 2]))
    second.add(digests([3]), rows([3]))
    first.flush()
    second.flush()
    np.testing.assert_array_equal(store_of(tmp_path).read(digests([3, 2, 1])), rows([3, 2, 1]))
