"""Measure the accuracy of the textbook loop on scaled features, run to its end.

The script runs all 6000 outer steps of the released settings, on features that are scaled as by
default. ``TurtleClustering()`` should match the result. The solver of the library runs the loop;
tests compare the solver with a literal implementation of the loop and with recorded runs.

    python examples/benchmarks/to_the_end.py --data FOLDER          # NAME/*.npy and NAME/labels.npy
    python examples/benchmarks/to_the_end.py                        # the digits

The script prints the accuracy during the loop, and then that of the defaults on the same rows.
"""

import argparse
import warnings
from pathlib import Path
from time import perf_counter

import torch
from compare import datasets
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy


class PrintAccuracy:
    """A callback that prints the accuracy every ``every`` outer steps."""

    def __init__(self, every):
        self._every = every
        self._steps = 0
        self._start = perf_counter()

    def setup(self, estimator, context):
        pass

    def teardown(self, estimator, context):
        pass

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context, *, X, y, fitted_estimator):
        self._steps += context.task_name == "outer step"
        if self._steps % self._every == 0 and context.task_name == "outer step":
            accuracy = clustering_accuracy(y, fitted_estimator.predict(X))
            seconds = perf_counter() - self._start
            print(f"    step {self._steps}: {accuracy:.3f} ({seconds:.0f} s)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, NAME/labels.npy")
    parser.add_argument("--only", nargs="*", help="names of datasets")
    parser.add_argument(
        "--every", type=int, default=250, help="steps between two printed accuracies"
    )
    parser.add_argument("--precision", default="float32", help="precision of the loop")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument(
        "--seeds", type=int, default=5, help="seeds of the defaults; the loop runs once"
    )
    parser.set_defaults(synthetic=None)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    warnings.simplefilter("ignore", ConvergenceWarning)
    for name, spaces, y, n_clusters in datasets(arguments):
        if arguments.only and name not in arguments.only:
            continue
        print(f"{name}: {len(y)} samples, {n_clusters} clusters", flush=True)
        settings = {**RELEASED_SETTINGS, "scaling": "l1", "precision": arguments.precision}
        textbook = TurtleClustering(n_clusters, **settings, random_state=0, device="cpu")
        textbook.set_callbacks(PrintAccuracy(arguments.every)).fit(spaces, y)
        print(f"  textbook loop, at its end: {clustering_accuracy(y, textbook.labels_):.3f}")
        for seed in range(arguments.seeds):
            labels = TurtleClustering(n_clusters, random_state=seed, device="cpu").fit_predict(
                spaces
            )
            print(f"  defaults, seed {seed}: {clustering_accuracy(y, labels):.3f}", flush=True)


if __name__ == "__main__":
    main()
