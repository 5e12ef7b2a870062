"""All 26 datasets go through the command; it is killed half-way and resumes."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from sklearn_turtle._cli import main
from sklearn_turtle.datasets import DATASETS
from tests.support.feature_folders import write_released

pytest.importorskip("matplotlib")

METHODS = ["turtle", "turtle-1 (clip)", "turtle-1 (dino)", "kmeans", "linear-probe"]
N_CELLS = len(METHODS) * len(DATASETS)
SHORT = ["--n-init", "4", "--max-iter", "30", "--polish-iter", "5", "--device", "cpu"]


@pytest.fixture(scope="module")
def run_twice(tmp_path_factory):
    """A run that is killed half-way, and one that goes on in its place."""
    folder = tmp_path_factory.mktemp("benchmark")
    write_released(folder / "features", DATASETS)
    command = ["benchmark", "--features", str(folder / "features"), "-o", str(folder / "out")]
    command += SHORT
    process = subprocess.Popen(
        [sys.executable, "-m", "sklearn_turtle", *command],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    try:
        deadline = time.monotonic() + 100
        while len(cells(folder)) < N_CELLS // 2 and time.monotonic() < deadline:
            assert process.poll() is None, "the benchmark ended before it was killed"
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in cells(folder)}
    status = main(command)
    return folder, before, status


def cells(folder):
    return set((folder / "out" / "cells").rglob("[!.]*.json"))


def test_no_finished_cell_is_run_again(run_twice):
    folder, before, status = run_twice
    assert status == 0
    assert N_CELLS // 2 <= len(before) < N_CELLS
    assert len(cells(folder)) == N_CELLS
    for path, (modified, content) in before.items():
        assert json.loads(content)["error"] is None  # whole, though the process was killed
        assert (path.stat().st_mtime_ns, path.read_bytes()) == (modified, content)


def test_tables_hold_all_cells(run_twice):
    folder, _, _ = run_twice
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


def test_markdown_shows_measured_beside_quoted_figures(run_twice):
    folder, _, _ = run_twice
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
    assert "Sizes are not those of the paper: Food-101, CIFAR-10," in text


def test_figures(run_twice):
    folder, _, _ = run_twice
    for name in ("accuracy", "seconds", "against_probe"):
        assert (folder / "out" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert not (folder / "out" / "difference_to_zero_shot.png").exists()
