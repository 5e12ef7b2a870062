"""The command ``predict``: assign samples to the clusters of a model."""

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np

from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import one_line_errors
from sklearn_turtle._cli.files import ARRAY_SUFFIXES, check_output, write_array, write_prediction
from sklearn_turtle._cli.options import add_features, add_model, add_output
from sklearn_turtle._cli.output import elapsed, print_sizes
from sklearn_turtle._cli.spaces import read_model_and_spaces


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_model(parser)
    add_features(parser)
    # the default differs from that of "fit", so that its labels are not replaced
    add_output(parser, "labels or probabilities", default="predictions.npy")
    parser.add_argument(
        "--proba",
        action="store_true",
        help="write the probability of every cluster, one column per cluster, instead of labels",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="print progress while a .npy file is written, chunk by chunk; give it twice for one "
        "line per chunk",
    )


def _run(arguments: argparse.Namespace) -> None:
    check_output(arguments.output, ARRAY_SUFFIXES, [arguments.model, *arguments.features])
    turtle, spaces, names = read_model_and_spaces(arguments.model, arguments.features)
    start = perf_counter()
    with one_line_errors(arguments.features, names):
        if Path(arguments.output).suffix.lower() == ".npy":
            write_prediction(arguments.output, turtle, spaces, arguments.proba, arguments.verbose)
            prediction = np.load(arguments.output, mmap_mode="r")
        else:
            prediction = (turtle.predict_proba if arguments.proba else turtle.predict)(spaces)
            column = "cluster" if arguments.proba else "label"
            write_array(arguments.output, prediction, column)
    if arguments.proba:
        print(f"Probabilities of {prediction.shape[1]} clusters, computed in {elapsed(start)}.")
        print(f"Probabilities: {arguments.output}")
    else:
        print(f"Labels, computed in {elapsed(start)}.")
        print_sizes(prediction, turtle.n_clusters_)
        print(f"Labels: {arguments.output}")


PREDICT = Command(
    name="predict",
    summary="assign the samples of feature files to the clusters of a model",
    description="Assign samples to the clusters of a model. Give the feature files in the order of "
    "the spaces in which the model was fitted.",
    add_options=_add_options,
    run=_run,
)
