"""A benchmark on all datasets of the paper: ``python -m tests.support.long_benchmark FOLDER``."""

import sys
from pathlib import Path

from sklearn_turtle.paper.baselines import LinearProbe
from sklearn_turtle.paper.benchmark import Method, run_benchmark

METHODS = [
    "turtle",
    "kmeans",
    Method(
        "linear-probe",
        lambda _, seed: LinearProbe(Cs=[1e-3], random_state=seed),
        "labels",
    ),
]
SHORT = {"n_init": 1, "max_iter": 20, "polish_iter": 0, "device": "cpu"}


def run(folder):
    """Run from ``features`` to ``out``, both in the folder."""
    return run_benchmark(
        Path(folder, "features"), Path(folder, "out"), methods=METHODS, turtle_parameters=SHORT
    )


if __name__ == "__main__":
    run(sys.argv[1])
