"""If the disk is full, existing files stay unchanged and no partial files remain."""

import gzip
import os
from contextlib import contextmanager

import numpy as np
import pytest

from sklearn_turtle import predict_to_file
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.files import write_array, write_model
from sklearn_turtle.datasets import extract_archives
from sklearn_turtle.encoders._digests import digest_of
from sklearn_turtle.encoders._store import open_store
from sklearn_turtle.paper.benchmark import run_benchmark, write_figures
from sklearn_turtle.paper.benchmark._records import write_json
from sklearn_turtle.paper.benchmark._tables import write_tables
from sklearn_turtle.persistence import export_onnx, save_labeling
from tests.support.feature_folders import write_released
from tests.support.two_spaces import small_turtle, two_spaces

resource = pytest.importorskip("resource")

SPACES, _ = two_spaces()


@contextmanager
def full_disk(n_bytes=100):
    """Limit the size of files, so that writing fails after a few bytes as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def turtle():
    return small_turtle(n_init=2, max_iter=20, polish_iter=5).fit(SPACES)


WRITERS = {
    "m.safetensors": (lambda turtle, path: turtle.save(path), OSError),
    "m.onnx": (export_onnx, OSError),
    "m.pt": (save_labeling, OSError),
    "labels.npy": (lambda turtle, path: predict_to_file(turtle, SPACES, path), OSError),
    "proba.npy": (
        lambda turtle, path: predict_to_file(turtle, SPACES, path, proba=True),
        OSError,
    ),
    "record.json": (lambda turtle, path: write_json(["x"] * 1000, path), OSError),
    **{
        f"command_{name}": (
            lambda turtle, path: write_array(path, turtle.labels_, "label"),
            CommandError,
        )
        for name in ("y.npy", "y.csv", "y.txt")
    },
    **{
        f"command_{name}": (lambda turtle, path: write_model(path, turtle), CommandError)
        for name in ("m.safetensors", "m.pt")
    },
}


@pytest.mark.parametrize("before", [b"existing", None])
@pytest.mark.parametrize("name", WRITERS)
def test_existing_file_is_unchanged(tmp_path, turtle, name, before):
    write, error = WRITERS[name]
    path = tmp_path / name
    if before is not None:
        path.write_bytes(before)
    with full_disk(), pytest.raises(error):
        write(turtle, str(path))
    if before is None:
        assert os.listdir(tmp_path) == []
        return
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == [name]
    write(turtle, str(path))
    assert path.read_bytes() != before


@pytest.mark.parametrize("before", [b"existing", None])
def test_extracted_archive(tmp_path, before):
    path = tmp_path / "images"
    (tmp_path / "images.gz").write_bytes(gzip.compress(bytes(10_000)))
    if before is not None:
        path.write_bytes(before)
    with full_disk(), pytest.raises(ValueError, match=r"images\.gz: extraction failed .*large"):
        extract_archives(tmp_path)
    assert (path.read_bytes() if path.exists() else None) == before
    extract_archives(tmp_path)
    assert path.read_bytes() == bytes(10_000)


def test_benchmark_reports(tmp_path):
    write_released(tmp_path / "features", ["mnist"])
    results = run_benchmark(tmp_path / "features", tmp_path / "out", methods=["kmeans"])
    write_figures(results, tmp_path / "out")

    def contents():
        files = (path for path in (tmp_path / "out").rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files}

    before = contents()
    for write in (write_tables, write_figures):
        with full_disk(), pytest.raises(OSError, match="large"):
            write(results, tmp_path / "out")
    assert contents() == before


def test_checkpoint_continues_after_space_is_freed(tmp_path, after_steps):
    def small():
        return small_turtle(max_iter=20, polish_iter=5)

    expected = small().fit(SPACES)

    def interrupt():
        raise KeyboardInterrupt

    after_steps(8, interrupt)
    with pytest.raises(KeyboardInterrupt):
        small().fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=3)
    before = (tmp_path / "c").read_bytes()
    turtle = small()
    with full_disk(), pytest.raises(OSError, match="large"):
        turtle.fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=3)
    assert not hasattr(turtle, "labels_")
    assert (tmp_path / "c").read_bytes() == before
    assert os.listdir(tmp_path) == ["c"]
    turtle.fit(SPACES, checkpoint=tmp_path / "c")
    for coef, of_expected in zip(turtle.coef_, expected.coef_, strict=True):
        np.testing.assert_array_equal(coef, of_expected)


def test_embeddings_are_written_after_space_is_freed(tmp_path):
    store = open_store(tmp_path, "tiny", {})
    digests = [digest_of(f"{number}".encode()) for number in range(50)]
    rows = np.arange(100, dtype=np.float32).reshape(50, 2)
    store.add(digests[:20], rows[:20])
    store.flush()
    store.add(digests[20:], rows[20:])
    with full_disk(), pytest.raises(OSError, match="large"):
        store.flush()
    assert len(open_store(tmp_path, "tiny", {})) == 20
    store.flush()
    np.testing.assert_array_equal(open_store(tmp_path, "tiny", {}).read(digests), rows)
