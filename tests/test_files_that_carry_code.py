"""Loaders never run code from a file."""

import json
import pickle
from contextlib import suppress

import joblib
import numcodecs
import numpy as np
import pytest
import torch

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.files import read_model
from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_features, read_labels
from sklearn_turtle.datasets import load_dataset
from sklearn_turtle.encoders._store import open_store
from sklearn_turtle.exploration import EditedClustering
from sklearn_turtle.paper.benchmark import run_benchmark
from sklearn_turtle.persistence import load_labeling
from tests.support.dataset_folders import MAKERS
from tests.support.feature_folders import write_released
from tests.support.traps import Trap
from tests.support.two_spaces import small_turtle, two_spaces


def dump_array(trap, path):
    with open(path, "wb") as file:
        np.save(file, np.array([[trap]]), allow_pickle=True)


def dump_archive(trap, path):
    with open(path, "wb") as file:
        np.savez(file, digests=np.array([[trap]]), rows=np.array([[trap]]), n_features=2)


# Files with code, each with a loader that runs it.
BOMBS = {
    "pickle": (
        lambda trap, path: path.write_bytes(pickle.dumps(trap, protocol=2)),
        lambda path: pickle.loads(path.read_bytes()),
    ),
    "joblib": (joblib.dump, joblib.load),
    "torch": (torch.save, lambda path: torch.load(path, weights_only=False)),
    "torch before 1.6": (
        lambda trap, path: torch.save(trap, path, _use_new_zipfile_serialization=False),
        lambda path: torch.load(path, weights_only=False),
    ),
    "npy": (dump_array, lambda path: np.load(path, allow_pickle=True)),
    "npz": (dump_archive, lambda path: np.load(path, allow_pickle=True)["rows"]),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_the_traps_work(tmp_path, bomb):
    dump, careless = BOMBS[bomb]
    dump(Trap(str(tmp_path / "sprung")), tmp_path / "x")
    careless(tmp_path / "x")
    assert (tmp_path / "sprung").exists()


def fit_from_checkpoint(path):
    small_turtle().fit(two_spaces()[0], checkpoint=path)


ONE_FILE = {
    "TurtleClustering.load": (TurtleClustering.load, ".safetensors"),
    "TurtleClustering.from_labeling": (TurtleClustering.from_labeling, ".pt"),
    "EditedClustering.load": (EditedClustering.load, ".safetensors"),
    "load_labeling": (load_labeling, ".pt"),
    "fit(checkpoint=...)": (fit_from_checkpoint, ".safetensors"),
    **{
        f"{read.__name__}{suffix}": (lambda path, read=read: read(str(path)), suffix)
        for read, suffixes in {
            read_features: (".npy", ".npz", ".pt", ".safetensors", ".h5", ".csv", ".parquet"),
            read_labels: (".npy", ".npz", ".pt", ".safetensors", ".h5", ".csv", ".parquet", ".txt"),
            read_model: (".safetensors", ".pt"),
        }.items()
        for suffix in suffixes
    },
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("loader", ONE_FILE)
def test_loaders_of_one_file(tmp_path, loader, bomb):
    load, suffix = ONE_FILE[loader]
    path = tmp_path / f"x{suffix}"
    BOMBS[bomb][0](Trap(str(tmp_path / "sprung")), path)
    with pytest.raises(ValueError, match="x" + suffix):
        load(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("bomb", BOMBS)
def test_stored_embeddings(tmp_path, bomb):
    folder = open_store(tmp_path, "tiny", {})._folder
    BOMBS[bomb][0](Trap(str(tmp_path / "sprung")), folder / "0123.npz")
    with pytest.warns(UserWarning, match=r"0123\.npz is damaged"):
        store = open_store(tmp_path, "tiny", {})
    assert len(store) == 0
    assert not (tmp_path / "sprung").exists()


def test_code_in_the_rows_of_embeddings(tmp_path):
    folder, trap = open_store(tmp_path, "tiny", {})._folder, Trap(str(tmp_path / "sprung"))
    digests = np.arange(16, dtype=np.uint8)
    np.savez(folder / "0123.npz", digests=digests, rows=np.array([[trap]]), n_features=1)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        open_store(tmp_path, "tiny", {}).read([digests.tobytes()])
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize(
    "name",
    ["representations/dino/mnist_train.npy", "labels/mnist_val.npy", "text/clip/mnist.npy"],
)
def test_benchmark(tmp_path, name, bomb):
    write_released(tmp_path / "features", ["mnist"])
    BOMBS[bomb][0](Trap(str(tmp_path / "sprung")), tmp_path / "features" / name)
    results = run_benchmark(
        tmp_path / "features", tmp_path / "out", methods=["kmeans", "zero-shot"]
    )
    assert any(name in record["error"] for record in results.failed)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("name", ["cifar10", "mnist"])
def test_datasets(tmp_path, name, bomb):
    MAKERS[name](tmp_path / "data")
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    for path in files:
        BOMBS[bomb][0](Trap(str(tmp_path / "sprung")), path)
    with pytest.raises((ValueError, OSError)):
        load_dataset(name, tmp_path, "val")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("read", [read_features, read_labels])
def test_zarr_with_pickle_codec(tmp_path, monkeypatch, read):
    # Early versions of numcodecs read pickles by default.
    monkeypatch.setattr(numcodecs.pickles, "ALLOW_UNSAFE_PICKLE_DECODE", True, raising=False)
    folder = tmp_path / "x.zarr"
    folder.mkdir()
    metadata = {
        "zarr_format": 2,
        "shape": [4, 2],
        "chunks": [4, 2],
        "dtype": "|O",
        "fill_value": "",
        "order": "C",
        "compressor": None,
        "filters": [{"id": "vlen-utf8"}, {"id": "pickle", "protocol": 5}],
    }
    (folder / ".zarray").write_text(json.dumps(metadata))
    (folder / "0.0").write_bytes(pickle.dumps(Trap(str(tmp_path / "sprung"))))
    with pytest.raises(FileError, match=r"x\.zarr: contains pickles"):
        read(str(folder))
    assert not (tmp_path / "sprung").exists()
    # Prove that the trap works.
    import zarr

    with suppress(Exception):
        zarr.open(folder, mode="r")[:]
    assert (tmp_path / "sprung").exists()
