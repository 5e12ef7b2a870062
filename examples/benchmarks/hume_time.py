"""Time of HUME at its own settings beside that of TurtleClustering.

HUME takes too long to be run to its end here. Two of its 1000 outer steps are timed, with all
else at HUME's defaults (20 subsets, 300 inner steps, up to 10000 rows), as the difference of runs
of three steps and of one; a step costs the same at any point of the run. The cross-validation of
a seed is timed by itself. Then

    one seed  = 1000 * outer step + cross-validation
    all seeds = 100 * one seed

    python examples/benchmarks/hume_time.py                         # the digits
    python examples/benchmarks/hume_time.py --data FOLDER           # NAME/*.npy and NAME/labels.npy
"""

import argparse
import warnings
from pathlib import Path
from time import perf_counter

import torch
from compare import datasets
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle import TurtleClustering
from sklearn_turtle.baselines import HUME
from sklearn_turtle.metrics import clustering_accuracy, generalization_score

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

    def run_hume(max_iter):
        hume = HUME(n_clusters, n_seeds=1, max_iter=max_iter, cv=2, random_state=0, device="cpu")
        hume.fit(spaces)

    short = timed(lambda: run_hume(1))
    step = (timed(lambda: run_hume(1 + N_TIMED)) - short) / N_TIMED
    # on the labels of TURTLE, which are near enough to HUME's for a time
    validation = timed(
        lambda: generalization_score(
            turtle.labels_, spaces[1:], C=float("inf"), max_iter=100, device="cpu"
        )
    )
    print(f"  HUME(): outer step {step:.2f} s, cross-validation {validation:.1f} s")
    own = HUME()
    one_seed = own.max_iter * step + validation
    for times, what in ((1, "one seed"), (own.n_seeds, f"all {own.n_seeds} seeds")):
        print(
            f"  HUME(), {what}: {times * one_seed:.0f} s, {times * one_seed / of_turtle:.0f} times"
        )


def timed(do):
    """Seconds that it takes."""
    start = perf_counter()
    do()
    return perf_counter() - start


if __name__ == "__main__":
    main()
