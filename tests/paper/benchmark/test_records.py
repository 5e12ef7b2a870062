"""Cells with a valid record do not run again; others do."""

import numpy as np
import pytest

from sklearn_turtle.paper.benchmark import Method
from tests.support.feature_folders import save
from tests.support.small_benchmark import Constant, constant, run


def test_finished_cells_do_not_run_again(folder):
    first = run(folder, [constant()])
    assert Constant.n_fits == 2
    second = run(folder, [constant()])
    assert Constant.n_fits == 2
    assert second.records == first.records


def test_other_files_seeds_spaces_and_parameters_run_again(folder):
    run(folder, [constant()])
    labels = folder / "features" / "labels" / "mnist_val.npy"
    save(labels, np.load(labels)[::-1])
    run(folder, [constant()])
    assert Constant.n_fits == 3
    run(folder, [constant()], seeds=[0, 1])
    assert Constant.n_fits == 5
    run(folder, [constant()], spaces=["dino"])
    assert Constant.n_fits == 7
    run(folder, [constant(cluster=1)])
    assert Constant.n_fits == 9


def test_interruption_keeps_finished_cells(folder):
    class Interrupted(Constant):
        def fit(self, X, y):
            raise KeyboardInterrupt

    interrupted = Method("interrupted", lambda n_clusters, seed: Interrupted())
    with pytest.raises(KeyboardInterrupt):
        run(folder, [constant(), interrupted])
    assert Constant.n_fits == 1
    run(folder, [constant()])
    assert Constant.n_fits == 2


def test_truncated_record_is_ignored(folder):
    run(folder, [constant()])
    (path,) = (folder / "out" / "cells" / "mnist").rglob("0.json")
    path.write_text(path.read_text()[:100])
    run(folder, [constant()])
    assert Constant.n_fits == 3


def test_failed_cells_run_again(folder):
    path = folder / "features" / "representations" / "dino" / "mnist_train.npy"
    content = path.read_bytes()
    path.write_bytes(b"")
    assert len(run(folder, [constant()]).failed) == 1
    assert Constant.n_fits == 1
    path.write_bytes(content)
    assert not run(folder, [constant()]).failed
    assert Constant.n_fits == 2
