"""Time of HUME at its own settings beside that of TurtleClustering.

HUME takes too long to be run to its end here. A part of it is timed: two of the 20 subsets of an
outer step, with all else at HUME's defaults (300 inner steps, up to 10000 rows), as the difference
of runs of three and of one; a subset costs the same at any point of the run. Then

    one seed  = 1000 outer steps * 20 subsets * time of a subset
    all seeds = 100 * one seed

The cross-validation of the seeds, which is short beside that, is left out.

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
    parser.add_argument("--data", type=Path, help="folder with one folder a dataset")
    parser.set_defaults(synthetic=None)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{torch.get_num_threads()} thread(s), torch {torch.__version__}")
    for name, spaces, y, n_clusters in datasets(arguments):
        print(f"{name}: {len(y)} samples, {n_clusters} clusters", flush=True)
        compare(spaces, y, n_clusters)


def compare(spaces, y, n_clusters):
    turtle = TurtleClustering(n_clusters, random_state=0, device="cpu")
    of_turtle = timed(lambda: turtle.fit(spaces))
    accuracy = clustering_accuracy(y, turtle.labels_)
    print(f"  TurtleClustering(): {of_turtle:.1f} s, accuracy {accuracy:.3f}", flush=True)
    subset = seconds_of_a_subset(spaces, n_clusters)
    one_seed = seconds_of_a_seed(subset)
    print(f"  HUME(): a subset of an outer step {subset:.2f} s")
    n_seeds = HUME().n_seeds
    for times, what in ((1, "one seed"), (n_seeds, f"all {n_seeds} seeds")):
        print(
            f"  HUME(), {what}: {times * one_seed:.0f} s, {times * one_seed / of_turtle:.0f} times"
        )


def seconds_of_a_subset(spaces, n_clusters):
    """Seconds that one of the subsets of an outer step of HUME takes at its own settings."""

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
        # the labels of one outer step are of no use: they are not cross-validated
        with mock.patch("sklearn_turtle.metrics.generalization_score", return_value=0.0):
            hume.fit(spaces)

    short = timed(lambda: run(1))
    return (timed(lambda: run(1 + N_TIMED)) - short) / N_TIMED


def seconds_of_a_seed(subset):
    """Seconds of the outer steps of one seed, from those of a subset."""
    own = HUME()
    return own.max_iter * own.n_subsets * subset


def timed(do):
    """Seconds that it takes."""
    start = perf_counter()
    do()
    return perf_counter() - start


if __name__ == "__main__":
    main()
