"""Compare the time of HUME with its own settings with that of TurtleClustering.

HUME takes too long to run to its end, so this script times a part: two of the 20 subsets of an
outer step, with HUME's defaults otherwise (300 inner steps, up to 10000 rows). The time is the
difference between a run with three subsets and a run with one; a subset costs the same at any point
of the run. Then

    one seed  = 1000 outer steps * 20 subsets * time of a subset
    all seeds = 100 * one seed

This leaves out the cross-validation of the seeds, which is short in comparison.

    python examples/benchmarks/hume_time.py                         # the digits
    python examples/benchmarks/hume_time.py --data FOLDER           # NAME/*.npy and NAME/labels.npy
"""

import argparse
import warnings
from pathlib import Path
from time import perf_counter
from unittest import mock

import torch
from compare import datasets
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import HUME

N_TIMED = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with one folder per dataset")
    parser.set_defaults(synthetic=None)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{torch.get_num_threads()} thread(s), torch {torch.__version__}")
    for name, spaces, y, n_clusters in datasets(arguments):
        print(f"{name}: {len(y)} samples, {n_clusters} clusters", flush=True)
        compare(spaces, y, n_clusters)


def compare(spaces, y, n_clusters):
    turtle = TurtleClustering(n_clusters, random_state=0, device="cpu")
    turtle_seconds = timed(lambda: turtle.fit(spaces))
    accuracy = clustering_accuracy(y, turtle.labels_)
    print(f"  TurtleClustering(): {turtle_seconds:.1f} s, accuracy {accuracy:.3f}", flush=True)
    subset = seconds_per_subset(spaces, n_clusters)
    print(f"  HUME(): one subset of an outer step {subset:.2f} s")
    n_seeds = HUME().n_seeds
    for count, what in ((1, "one seed"), (n_seeds, f"all {n_seeds} seeds")):
        seconds = count * seconds_per_seed(subset)
        print(f"  HUME(), {what}: {seconds:.0f} s, {seconds / turtle_seconds:.0f} times as long")


def seconds_per_subset(spaces, n_clusters):
    """Time one subset of an outer step of HUME with its own settings."""

    def run(n_subsets):
        hume = HUME(
            n_clusters,
            n_seeds=1,
            max_iter=1,
            n_subsets=n_subsets,
            cv=2,
            random_state=0,
            device="cpu",
        )
        # do not cross-validate the labels of a single outer step
        with mock.patch("sklearn_turtle.metrics.generalization_score", return_value=0.0):
            hume.fit(spaces)

    short = timed(lambda: run(1))
    return (timed(lambda: run(1 + N_TIMED)) - short) / N_TIMED


def seconds_per_seed(subset_seconds):
    """Scale the time of a subset to the outer steps of one seed."""
    hume = HUME()
    return hume.max_iter * hume.n_subsets * subset_seconds


def timed(call):
    """Return the seconds that a call takes."""
    start = perf_counter()
    call()
    return perf_counter() - start


if __name__ == "__main__":
    main()
