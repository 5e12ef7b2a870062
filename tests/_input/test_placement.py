"""Features are moved to a GPU; a stand-in takes the place of the GPU."""

import numpy as np
import pytest
import torch

from sklearn_turtle._input import _placement
from sklearn_turtle._input._placement import moved_if_there_is_room

GPU = torch.device("cuda:0")
FEATURES = [torch.zeros(100, 2), torch.zeros(100, 3)]  # 2000 bytes


@pytest.fixture
def free_bytes(monkeypatch):
    """A function that sets the free memory of the GPU."""

    def set_free(n_bytes):
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (n_bytes, n_bytes))

    return set_free


@pytest.mark.parametrize(("n_bytes", "fits"), [(4000, True), (2500, False)])
def test_features_are_moved_if_all_of_them_fit(monkeypatch, free_bytes, n_bytes, fits):
    free_bytes(n_bytes)
    monkeypatch.setattr(_placement, "_moved", lambda features, device: "moved")
    expected = ["moved", "moved"] if fits else FEATURES
    assert moved_if_there_is_room(FEATURES, GPU) == expected


def test_features_stay_if_the_device_runs_out_of_memory(monkeypatch, free_bytes):
    def fail(features, device):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

    free_bytes(1 << 30)
    monkeypatch.setattr(_placement, "_moved", fail)
    with pytest.warns(UserWarning, match="cuda:0 ran out of memory .* streamed"):
        found = moved_if_there_is_room(FEATURES, GPU)
    assert all(a is b for a, b in zip(found, FEATURES, strict=True))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_all_rows_arrive(monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 50)
    x = torch.from_numpy(np.arange(300.0).reshape(100, 3))
    (moved,) = moved_if_there_is_room([x], GPU)
    assert moved.device == GPU
    assert torch.equal(moved.cpu(), x)
