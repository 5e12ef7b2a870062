"""Fits on a GPU, if there is one."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GridSearchCV

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.model_selection import TurtleSearch, select_n_clusters
from tests.support.two_spaces import small_turtle, two_spaces

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")

SPACES, Y = two_spaces(n_samples=3000)


def fit(**parameters):
    return small_turtle(device="cuda", **parameters).fit(SPACES)


@pytest.fixture(scope="module")
def fitted():
    return fit()


def test_most_steps_are_replayed(monkeypatch):
    n_replays = 0
    replay = torch.cuda.CUDAGraph.replay

    def counting(graph):
        nonlocal n_replays
        n_replays += 1
        replay(graph)

    monkeypatch.setattr(torch.cuda.CUDAGraph, "replay", counting)
    assert n_replays > 0.8 * fit().n_iter_


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_fits_equal_those_on_the_cpu(precision):
    on_gpu, on_cpu = (
        TurtleClustering(4, device=device, precision=precision, random_state=0).fit(SPACES)
        for device in ("cuda", "cpu")
    )
    assert adjusted_rand_score(on_gpu.labels_, on_cpu.labels_) > 0.98
    np.testing.assert_array_equal(on_gpu.predict(SPACES), on_gpu.labels_)


def test_the_seed_determines_every_bit(fitted):
    again = fit()
    np.testing.assert_array_equal(again.labels_, fitted.labels_)
    np.testing.assert_array_equal(again.coef_[0], fitted.coef_[0])


@pytest.mark.parametrize("n_steps", [2, 30, 110])
def test_an_interrupted_fit_continues_to_the_same_bits(tmp_path, after_steps, fitted, n_steps):
    def interrupt():
        raise KeyboardInterrupt

    after_steps(n_steps, interrupt)
    turtle = small_turtle(device="cuda")
    with pytest.raises(KeyboardInterrupt):
        turtle.fit(SPACES, checkpoint=tmp_path / "c", checkpoint_every=1)
    turtle.fit(SPACES, checkpoint=tmp_path / "c")
    np.testing.assert_array_equal(turtle.coef_[0], fitted.coef_[0])


def test_fits_in_several_threads(fitted):
    with ThreadPoolExecutor(4) as threads:
        fits = list(threads.map(lambda seed: fit(random_state=seed), range(8)))
    for other in fits:
        assert adjusted_rand_score(other.labels_, fitted.labels_) > 0.98
    np.testing.assert_array_equal(fits[0].labels_, fitted.labels_)


@pytest.mark.parametrize("kind", ["on the host", "in a file"])
@pytest.mark.parametrize("share_held", [0.3, 0.0])
def test_streamed_features_give_the_same_labels(kind, share_held, fitted, tmp_path, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._input._placement.DEVICE_SHARE", 0.0)
    monkeypatch.setattr("sklearn_turtle._solver.strategy._groups.HELD_SHARE_OF_GPU", share_held)
    features = SPACES
    if kind == "in a file":
        for k, x in enumerate(SPACES):
            np.save(tmp_path / f"{k}.npy", x)
        features = [np.load(tmp_path / f"{k}.npy", mmap_mode="r") for k in range(2)]
    streamed = small_turtle(device="cuda").fit(features)
    assert adjusted_rand_score(streamed.labels_, fitted.labels_) > 0.98
    np.testing.assert_array_equal(streamed.predict(SPACES), streamed.labels_)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_features_on_the_device_stay_there(dtype, fitted):
    tensors = [torch.from_numpy(x).to("cuda", dtype) for x in SPACES]
    turtle = small_turtle(device="cuda").fit(tensors)
    assert adjusted_rand_score(turtle.labels_, fitted.labels_) > 0.98
    np.testing.assert_array_equal(turtle.predict(tensors), turtle.labels_)


def test_features_are_not_copied_on_the_device():
    tensors = [torch.randn(200_000, 256, device="cuda") for _ in range(2)]
    n_bytes = sum(x.nbytes for x in tensors)
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    small_turtle(device="cuda", n_init=1, max_iter=3, polish_iter=2).fit(tensors)
    # the search takes memory for its rows, in bfloat16
    assert torch.cuda.max_memory_allocated() - before < n_bytes
    assert torch.cuda.memory_allocated() - before < 2**20


def test_chunks_of_a_stream():
    turtle = small_turtle(device="cuda", batch_size=200)
    for _ in range(6):
        for start in range(0, 3000, 1000):
            turtle.partial_fit([x[start : start + 1000] for x in SPACES])
    assert adjusted_rand_score(turtle.predict(SPACES), Y) > 0.9


def test_predictions_do_not_need_a_gpu(fitted, tmp_path):
    np.savez(tmp_path / "x.npz", *SPACES)
    (tmp_path / "model").write_bytes(pickle.dumps(fitted))
    script = (
        "import pickle, sys, numpy as np, pathlib, torch; assert not torch.cuda.is_available();"
        "folder = pathlib.Path(sys.argv[1]); x = np.load(folder / 'x.npz');"
        "turtle = pickle.loads((folder / 'model').read_bytes());"
        "np.save(folder / 'labels', turtle.predict([x['arr_0'], x['arr_1']]))"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        check=True,
        env={"CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert (np.load(tmp_path / "labels.npy") == fitted.labels_).mean() > 0.999


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_searches(n_jobs):
    X, widths = stack_spaces(SPACES)
    turtle = small_turtle(device="cuda", spaces=widths, max_iter=40, polish_iter=10)
    grid = {"gamma": [3.0, 10.0]}
    theirs = GridSearchCV(turtle, grid, cv=2, n_jobs=n_jobs).fit(X)
    ours = TurtleSearch(turtle, grid, cv=2).fit(X)
    for search in (theirs, ours):
        assert adjusted_rand_score(search.best_estimator_.labels_, Y) > 0.98


def test_the_true_number_of_clusters_is_selected():
    turtle = small_turtle(device="cuda")
    selection = select_n_clusters(SPACES, [4, 6], estimator=turtle, random_state=0)
    assert selection.n_clusters == 4
    assert selection.stability[0] > 0.9
    assert selection.accuracy[0] > 0.9
