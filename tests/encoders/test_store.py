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


def open_tiny_store(tmp_path, **changes):
    return open_store(tmp_path, "tiny", SETTINGS | changes)


def test_rows_are_read_in_any_order(tmp_path):
    store = open_tiny_store(tmp_path)
    assert store.n_features is None
    for start in range(0, 30, 10):
        store.add(digests(range(start, start + 10)), rows(range(start, start + 10)))
        store.flush()
    for opened in (store, open_tiny_store(tmp_path)):
        assert len(opened) == 30
        assert opened.n_features == 2
        wanted = [29, 0, 11, 11]
        np.testing.assert_array_equal(opened.read(digests(wanted)), rows(wanted))
        assert digests([29])[0] in opened
        assert digests([30])[0] not in opened


def test_digest_that_ends_in_zeros(tmp_path):
    store = open_tiny_store(tmp_path)
    digest = b"\x01" + bytes(15)
    store.add([digest], rows([1]))
    store.flush()
    np.testing.assert_array_equal(open_tiny_store(tmp_path).read([digest]), rows([1]))


def test_rows_are_written_when_a_chunk_is_full_or_old(tmp_path, monkeypatch):
    store = open_tiny_store(tmp_path)
    store.add(digests([0]), rows([0]))
    assert len(open_tiny_store(tmp_path)) == 0
    store.add(digests(range(1, 1100)), rows(range(1, 1100)))
    assert len(open_tiny_store(tmp_path)) == 1100
    monkeypatch.setattr(_store, "SECONDS_PER_CHUNK", 0.0)
    store.add(digests([2000]), rows([2000]))
    assert len(open_tiny_store(tmp_path)) == 1101


def test_flush_without_rows(tmp_path):
    open_tiny_store(tmp_path).flush()
    assert len(open_tiny_store(tmp_path)) == 0


def test_other_settings_have_another_store(tmp_path):
    store = open_tiny_store(tmp_path)
    store.add(digests([0]), rows([0]))
    store.flush()
    assert len(open_tiny_store(tmp_path, precision="float32")) == 0
    assert len(open_tiny_store(tmp_path)) == 1


def test_settings_are_written_next_to_the_embeddings(tmp_path):
    open_tiny_store(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("tiny-")
    assert json.loads((folder / "settings.json").read_text()) == SETTINGS


def test_name_is_made_a_valid_folder_name(tmp_path):
    open_store(tmp_path, "../a:b/c d", SETTINGS)
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("a-b-c-d-")


@pytest.mark.parametrize("damage", ["truncated", "empty", "not a zip archive"])
def test_damaged_file_is_ignored(tmp_path, damage):
    store = open_tiny_store(tmp_path)
    for number in (1, 2):
        store.add(digests([number]), rows([number]))
        store.flush()
    path = next(tmp_path.glob("*/*.npz"))
    content = path.read_bytes()
    path.write_bytes(
        {
            "truncated": content[: len(content) // 2],
            "empty": b"",
            "not a zip archive": b"text",
        }[damage]
    )
    with pytest.warns(UserWarning, match=rf"{path.name} is damaged"):
        again = open_tiny_store(tmp_path)
    lost = [number for number in (1, 2) if digests([number])[0] not in again]
    assert len(lost) == len(again) == 1
    again.add(digests(lost), rows(lost))
    again.flush()
    np.testing.assert_array_equal(open_tiny_store(tmp_path).read(digests([2, 1])), rows([2, 1]))


def test_partial_file_of_a_killed_process_is_ignored(tmp_path):
    open_tiny_store(tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / ".00.npz.1234.partial").write_bytes(b"half")
    assert len(open_tiny_store(tmp_path)) == 0


def test_two_processes_write_to_one_store(tmp_path):
    first, second = open_tiny_store(tmp_path), open_tiny_store(tmp_path)
    for store in (first, second):
        store.add(digests([1, 2]), rows([1, 2]))
    second.add(digests([3]), rows([3]))
    first.flush()
    second.flush()
    np.testing.assert_array_equal(
        open_tiny_store(tmp_path).read(digests([3, 2, 1])), rows([3, 2, 1])
    )
