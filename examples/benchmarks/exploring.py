"""Evaluate merging and refitting of clusters by means of labels.

    python examples/benchmarks/exploring.py hierarchy --data FOLDER --seeds 3
    python examples/benchmarks/exploring.py refit --data FOLDER --seeds 3

``FOLDER/NAME/*.npy`` holds the spaces of a dataset, and ``labels.npy`` its classes. The digits in
two spaces are a further dataset.

hierarchy
    Prints the adjusted Rand index of a fit with 1.5 times as many clusters as classes, and after
    merging similar clusters by ``group_clusters`` to the number of classes; then the same for twice
    as many clusters.
refit
    Prints the accuracy of ``refit_from_labels`` before and after the polish: from three labeled
    samples per class and no others, and from all labels with three in ten replaced at random.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle import TurtleClustering
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.exploration import group_clusters, merge_clusters, refit_from_labels
from sklearn_turtle.metrics import clustering_accuracy


def main():
    parser = argparse.ArgumentParser(description="Evaluate edited clusterings by means of labels.")
    parser.add_argument("what", choices=["hierarchy", "refit"])
    parser.add_argument("--data", type=Path, help="folder of datasets: NAME/*.npy, labels.npy")
    parser.add_argument("--only", nargs="*", help="names of datasets")
    parser.add_argument("--seeds", type=int, default=1, help="number of seeds to average over")
    arguments = parser.parse_args()
    evaluate = {"hierarchy": evaluate_hierarchy, "refit": evaluate_refit}[arguments.what]
    for name, spaces, y in datasets(arguments):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # clusters may be empty
            scores = np.array([evaluate(spaces, y, seed) for seed in range(arguments.seeds)])
        print(f"| {name} | " + " | ".join(f"{x:.3f}" for x in scores.mean(0)) + " |", flush=True)


def datasets(arguments):
    """Yield name, spaces and classes of each dataset."""
    if not arguments.only or "digits" in arguments.only:
        yield "digits", *load_digit_spaces()
    for folder in sorted(arguments.data.iterdir()) if arguments.data else []:
        if not arguments.only or folder.name in arguments.only:
            files = sorted(path for path in folder.glob("*.npy") if path.stem != "labels")
            yield folder.name, [np.load(path) for path in files], np.load(folder / "labels.npy")


def evaluate_hierarchy(spaces, y, seed):
    n_classes = len(np.unique(y))
    agreement = []
    for n_clusters in (3 * n_classes // 2, 2 * n_classes):
        turtle = TurtleClustering(n_clusters, random_state=seed).fit(spaces)
        groups = group_clusters(turtle, spaces, n_classes)
        merged = merge_clusters(turtle, *groups).predict(spaces)
        agreement += [adjusted_rand_score(y, labels) for labels in (turtle.labels_, merged)]
    return agreement


def evaluate_refit(spaces, y, seed):
    rng = np.random.default_rng(seed)
    classes, y = np.unique(y, return_inverse=True)
    turtle = TurtleClustering(len(classes), random_state=seed).fit(spaces)
    few = np.full(len(y), -1)
    for label in range(len(classes)):
        few[rng.choice(np.flatnonzero(y == label), 3, replace=False)] = label
    wrong = np.where(rng.random(len(y)) < 0.3, rng.integers(0, len(classes), len(y)), y)
    accuracies = [clustering_accuracy(y, turtle.labels_)]
    for edited in (few, wrong):
        for polish_iter in (0, None):
            refitted = refit_from_labels(turtle, spaces, edited, polish_iter=polish_iter)
            accuracies.append(clustering_accuracy(y, refitted.labels_))
    return accuracies


if __name__ == "__main__":
    main()
