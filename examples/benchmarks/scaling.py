"""Plot accuracy against time over settings, and time against n, d, C and R.

    python examples/benchmarks/scaling.py                              # the digits
    python examples/benchmarks/scaling.py --data FOLDER/banking77      # *.npy and labels.npy

The script needs matplotlib. It writes two figures and all measurements to the current folder.
"""

import argparse
import json
import statistics
import warnings
from itertools import product
from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.exceptions import ConvergenceWarning

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy

FAMILY = {
    "n_init": [1, 4, 16, 32],
    "max_iter": [50, 150, 300],
    "polish_iter": [0, 40],
}
BASE = {"n": 10_000, "d": 512, "C": 20, "R": 8}
GROWTH = {
    "n": [10_000, 40_000, 160_000],
    "d": [128, 512, 2048],
    "C": [10, 40, 160],
    "R": [1, 2, 4, 8, 16, 32],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of *.npy and labels.npy")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    if arguments.data:
        files = sorted(file for file in arguments.data.glob("*.npy") if file.name != "labels.npy")
        spaces, y = [np.load(file) for file in files], np.load(arguments.data / "labels.npy")
    else:
        spaces, y = load_digit_spaces()
        spaces = list(spaces.values())
    family = [
        measure_setting(spaces, y, arguments, *setting) for setting in product(*FAMILY.values())
    ]
    growth = [
        measure_growth(name, value, arguments)
        for name, values in GROWTH.items()
        for value in values
    ]
    Path("scaling.json").write_text(json.dumps({"family": family, "growth": growth}, indent=1))
    plot_family(family)
    plot_growth(growth)


def measure_setting(spaces, y, arguments, *setting):
    parameters = dict(zip(FAMILY, setting, strict=True))
    seconds, accuracies = [], []
    for seed in range(arguments.seeds):
        turtle = TurtleClustering(
            len(np.unique(y)), random_state=seed, device=arguments.device, **parameters
        )
        start = perf_counter()
        labels = turtle.fit_predict(spaces)
        seconds.append(perf_counter() - start)
        accuracies.append(clustering_accuracy(y, labels))
    result = {
        **parameters,
        "seconds": statistics.median(seconds),
        "accuracy": statistics.median(accuracies),
    }
    print(result, flush=True)
    return result


def measure_growth(name, value, arguments):
    size = {**BASE, name: value}
    rng = np.random.default_rng(0)
    y = rng.integers(size["C"], size=size["n"])
    centers = rng.normal(size=(size["C"], size["d"])).astype(np.float32)
    X = centers[y] + 2 * rng.standard_normal((size["n"], size["d"]), dtype=np.float32)
    turtle = TurtleClustering(
        size["C"],
        n_init=size["R"],
        random_state=0,
        device=arguments.device,
        cluster_prior="uniform",
    )
    start = perf_counter()
    turtle.fit(X)
    result = {"varied": name, **size, "seconds": perf_counter() - start}
    print(result, flush=True)
    return result


def plot_family(family):
    _, axes = plt.subplots(layout="constrained")
    for n_init in FAMILY["n_init"]:
        results = [result for result in family if result["n_init"] == n_init]
        axes.scatter(
            [result["seconds"] for result in results],
            [result["accuracy"] for result in results],
            label=f"n_init={n_init}",
        )
    axes.set(xscale="log", xlabel="seconds", ylabel="clustering accuracy")
    axes.legend()
    plt.savefig("accuracy_against_time.png", dpi=150)


def plot_growth(growth):
    _, all_axes = plt.subplots(1, len(GROWTH), figsize=(14, 3.5), layout="constrained")
    for axes, name in zip(all_axes, GROWTH, strict=True):
        results = [result for result in growth if result["varied"] == name]
        axes.plot(
            [result[name] for result in results], [result["seconds"] for result in results], "o-"
        )
        axes.set(xscale="log", yscale="log", xlabel=name, ylabel="seconds")
    plt.savefig("growth_of_time.png", dpi=150)


if __name__ == "__main__":
    main()
