"""Format what commands print."""

from time import perf_counter

import numpy as np

from sklearn_turtle import TurtleClustering


def print_sizes(labels: np.ndarray, n_clusters: int) -> None:
    """Print the number of samples, the number of clusters, and the sizes of the clusters."""
    sizes = np.sort(np.bincount(labels, minlength=n_clusters))
    print(
        f"{len(labels)} samples in {np.count_nonzero(sizes)} of {n_clusters} clusters, sizes from "
        f"{sizes[0]} to {sizes[-1]}, median {np.median(sizes):g}."
    )


def elapsed(start: float) -> str:
    """Format the time since ``start``, a value of ``perf_counter``."""
    return f"{perf_counter() - start:.1f} s"


def on_one_line(turtle: TurtleClustering) -> str:
    """Format an estimator, with its parameters, on one line."""
    return " ".join(repr(turtle).split())
