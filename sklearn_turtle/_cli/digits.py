"""The command ``digits``: cluster the digits of scikit-learn."""

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.files import ARRAY_SUFFIXES, check_output, write_array
from sklearn_turtle._cli.options import add_output
from sklearn_turtle._cli.output import elapsed
from sklearn_turtle._cli.true_labels import SCORES
from sklearn_turtle.datasets._digits import load_digit_spaces


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_output(parser, "labels", default="digits_labels.npy")


def _run(arguments: argparse.Namespace) -> None:
    check_output(arguments.output, ARRAY_SUFFIXES)
    print("Clustering the handwritten digits of scikit-learn into 10 clusters, without labels.")
    start = perf_counter()
    spaces, digits = load_digit_spaces()
    widths = " and ".join(f"{name} ({matrix.shape[1]})" for name, matrix in spaces.items())
    print(f"{len(digits)} images; features of 2 spaces, {widths}, computed in {elapsed(start)}.\n")

    start = perf_counter()
    turtle = TurtleClustering(n_clusters=10, random_state=0).fit(spaces)
    turtle_time = elapsed(start)
    start = perf_counter()
    stacked = np.hstack([normalize(matrix) for matrix in spaces.values()])
    k_means = KMeans(n_clusters=10, n_init=10, random_state=0).fit(stacked)
    k_means_time = elapsed(start)

    print(f"{'':32}{''.join(f'{name:>10}' for name in SCORES)}{'time':>10}")
    for name, labels, time in (
        ("TurtleClustering", turtle.labels_, turtle_time),
        ("KMeans on the same features", k_means.labels_, k_means_time),
    ):
        scores = "".join(f"{score(digits, labels):10.3f}" for score in SCORES.values())
        print(f"{name:32}{scores}{time:>10}")
    print("(The true digits are used only for these scores.)\n")
    write_array(arguments.output, turtle.labels_, "label")
    print(f"Labels of TurtleClustering: {Path(arguments.output).resolve()}")


DIGITS = Command(
    name="digits",
    summary="cluster scikit-learn's handwritten digits (the default)",
    description="Cluster the handwritten digits of scikit-learn in two feature spaces that are "
    "computed from the images, and compare the clusters with those of KMeans on the same features.",
    add_options=_add_options,
    run=_run,
)
