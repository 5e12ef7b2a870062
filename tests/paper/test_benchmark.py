"""A benchmark on all 26 datasets of the paper, which is killed halfway and resumes."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sklearn_turtle.datasets import DATASETS
from sklearn_turtle.paper.benchmark import write_figures
from tests.support.feature_folders import write_released
from tests.support.long_benchmark import run

METHODS = ["turtle", "kmeans", "linear-probe"]
N_CELLS = len(METHODS) * len(DATASETS)


def cell_files(folder):
    return set((folder / "out" / "cells").rglob("[!.]*.json"))


@pytest.fixture(scope="module")
def resumed(tmp_path_factory):
    """The folder of a run that was killed and resumed, the records before that, the results."""
    folder = tmp_path_factory.mktemp("benchmark")
    write_released(folder / "features", DATASETS)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.long_benchmark", str(folder)],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    try:
        deadline = time.monotonic() + 100
        while len(cell_files(folder)) < N_CELLS // 2 and time.monotonic() < deadline:
            assert process.poll() is None, "the benchmark ended before it was killed"
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in cell_files(folder)}
    return folder, before, run(folder)


def test_finished_cells_do_not_run_again(resumed):
    folder, before, results = resumed
    assert not results.failed
    assert N_CELLS // 2 <= len(before) < N_CELLS
    assert len(cell_files(folder)) == N_CELLS
    for path, (modified, content) in before.items():
        assert json.loads(content)["error"] is None  # complete, although the process was killed
        assert (path.stat().st_mtime_ns, path.read_bytes()) == (modified, content)


def test_tables_contain_all_cells(resumed):
    folder, _, _ = resumed
    content = json.loads((folder / "out" / "results.json").read_text())
    assert len(content["cells"]) == N_CELLS
    assert {cell["dataset"] for cell in content["cells"]} == set(DATASETS)
    probe = [cell for cell in content["cells"] if cell["method"] == "linear-probe"]
    assert np.mean([cell["accuracy"] for cell in probe]) > 0.7
    assert content["correlation with the probe"] > 0.3
    with open(folder / "out" / "results.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["origin"] == "measured" for row in rows) == N_CELLS
    by_cell = {(cell["dataset"], cell["label"]): cell["accuracy"] for cell in content["cells"]}
    for row in rows:
        if row["origin"] == "measured":
            assert float(row["accuracy"]) == by_cell[row["dataset"], row["label"]]
    quoted = [row for row in rows if row["origin"] == "quoted"]
    assert {row["dataset"]: row["accuracy"] for row in quoted}["imagenet"] == "0.729"
    assert {row["NMI"] for row in quoted if row["dataset"] == "cifar10"} == {"", "0.985"}
    assert all("project page" in row["label"] or "listings" in row["label"] for row in quoted)


def test_markdown_shows_quoted_figures_next_to_measured_ones(resumed):
    folder, _, _ = resumed
    text = (folder / "out" / "results.md").read_text()
    table = text.split("## Accuracy\n\n")[1].split("\n\n")[0].splitlines()
    header = [cell.strip() for cell in table[0].strip("|").split("|")]
    assert header == ["dataset", *METHODS, "TURTLE of the paper (quoted)"]
    rows = {line.split("|")[1].strip(): line for line in table[2:]}
    assert len(rows) == 26 + 1
    assert rows["ImageNet"].endswith("| 0.729 |")
    assert rows["MNIST"].endswith("|  |")
    assert "Published by others, not measured here:" in text
    assert "(quoted for the 26 datasets of the paper: .87)" in text
    assert "Sizes differ from those of the paper: Food-101, CIFAR-10," in text


def test_figures(resumed):
    pytest.importorskip("matplotlib")
    folder, _, results = resumed
    files = write_figures(results, folder / "out")
    assert {file.stem for file in files} == {"accuracy", "seconds", "against_probe"}
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
