"""Measure what further spaces do to a labeling: subsets, noise, copies and shuffled rows.

    python examples/benchmarks/spaces.py                    # the digits
    python examples/benchmarks/spaces.py --data FOLDER      # NAME/*.npy and NAME/labels.npy, too

Each line of the table is a set of spaces, with the medians over the seeds of accuracy, adjusted
Rand index and weights of the spaces, and whether a warning names a space. "weak" is a space that
knows little: the pixels of the digits, or eight random projections of the first space with as much
noise.
"""

import argparse
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
from peers import datasets
from sklearn.datasets import load_digits
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, NAME/labels.npy")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", help="names of datasets")
    arguments = parser.parse_args()
    print("| dataset | spaces | accuracy | ARI | weights | warnings |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, spaces, y in datasets(arguments.data):
        if arguments.only and name not in arguments.only:
            continue
        for title, given in settings(name, spaces):
            accuracy, ari, weights, n_warnings = measure(given, y, range(arguments.seeds))
            print(
                f"| {name} | {title} | {accuracy:.3f} | {ari:.3f} | "
                f"{', '.join(f'{weight:.2f}' for weight in weights)} | "
                f"{n_warnings} of {arguments.seeds} |",
                flush=True,
            )


def settings(name, spaces):
    """Yield (title, spaces) of each line of the table of a dataset."""
    rng = np.random.default_rng(0)
    n_rows = len(spaces[0])
    numbers = range(len(spaces))
    for size in range(1, len(spaces) + 1):
        for chosen in combinations(numbers, size):
            title = "all" if size == len(spaces) else ", ".join(f"{k + 1}" for k in chosen)
            yield title, [spaces[k] for k in chosen]
    noise = list(rng.normal(size=(3, n_rows, 512)).astype(np.float32))
    yield "all, noise", [*spaces, noise[0]]
    yield "all, three of noise", [*spaces, *noise]
    for k in numbers:
        yield f"all, copy of {k + 1}", [*spaces, spaces[k]]
    yield "all, 1 in shuffled order", [*spaces, spaces[0][rng.permutation(n_rows)]]
    yield "all, weak", [*spaces, weak_space(name, spaces, rng)]


def weak_space(name, spaces, rng):
    if name == "digits":
        return load_digits().data
    x = np.asarray(spaces[0], dtype=np.float32)
    projected = (x - x.mean(0)) @ rng.normal(size=(x.shape[1], 8))
    return projected + projected.std(0) * rng.normal(size=projected.shape)


def measure(spaces, y, seeds):
    """Medians of accuracy, adjusted Rand index and weights, and number of fits that warn."""
    results, all_weights, n_warnings = [], [], 0
    for seed in seeds:
        turtle = TurtleClustering(
            len(np.unique(y)), precision="float32", device="cpu", random_state=seed
        )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            labels = turtle.fit_predict(spaces)
        n_warnings += any("space" in str(warning.message) for warning in caught)
        results.append((clustering_accuracy(y, labels), adjusted_rand_score(y, labels)))
        all_weights.append(turtle.space_weights_)
    return *np.median(results, axis=0), np.median(all_weights, axis=0), n_warnings


if __name__ == "__main__":
    main()
