"""The command ``fit``: cluster feature files."""

import argparse
from time import perf_counter

import numpy as np

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import one_line_errors
from sklearn_turtle._cli.files import (
    ARRAY_SUFFIXES,
    CHECKPOINT_SUFFIXES,
    MODEL_SUFFIXES,
    check_output,
    write_array,
    write_model,
)
from sklearn_turtle._cli.options import add_features, add_output
from sklearn_turtle._cli.output import elapsed, on_one_line, print_sizes
from sklearn_turtle._cli.settings import add_setting_options, given_settings, parse_value
from sklearn_turtle._cli.spaces import read_spaces, space_names


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_features(parser)
    parser.add_argument(
        "-k",
        "--n-clusters",
        type=parse_value,
        required=True,
        metavar="K",
        help="number of clusters; 'auto' chooses it from the data, which takes many fits",
    )
    add_output(parser, "labels", default="labels.npy")
    parser.add_argument(
        "--model",
        metavar="FILE",
        help="also save the fitted model: .safetensors (requires safetensors) for the whole "
        "estimator, .pt for the labeling alone, in the format of the authors' released code",
    )
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        help="save the state of the fit to this .safetensors file at regular intervals; if the "
        "file exists, resume from it. The file must come from the same command. Requires "
        "safetensors",
    )
    parser.add_argument(
        "--released-settings",
        action="store_true",
        help="start from the settings of the authors' released code instead of the defaults; the "
        "options below override them",
    )
    add_setting_options(parser)


def _run(arguments: argparse.Namespace) -> None:
    check_output(arguments.output, ARRAY_SUFFIXES, arguments.features)
    if arguments.model is not None:
        check_output(arguments.model, MODEL_SUFFIXES, arguments.features)
    if arguments.checkpoint is not None:
        check_output(arguments.checkpoint, CHECKPOINT_SUFFIXES, arguments.features)
    names = space_names(arguments.features)
    spaces = read_spaces(arguments.features, names)
    released = RELEASED_SETTINGS if arguments.released_settings else {}
    turtle = TurtleClustering(arguments.n_clusters, **{**released, **given_settings(arguments)})

    start = perf_counter()
    with one_line_errors(arguments.features, names):
        turtle.fit(dict(zip(names, spaces, strict=True)), checkpoint=arguments.checkpoint)
    print(f"Fitted {on_one_line(turtle)} in {elapsed(start)}, {turtle.n_iter_} steps.")
    if np.isfinite(turtle.stability_):
        print(f"Stability (mean adjusted Rand index of the restarts): {turtle.stability_:.3f}")
    print_sizes(turtle.labels_, turtle.n_clusters_)
    write_array(arguments.output, turtle.labels_, "label")
    print(f"Labels: {arguments.output}")
    if arguments.model is not None:
        write_model(arguments.model, turtle)
        print(f"Model: {arguments.model}")


FIT = Command(
    name="fit",
    summary="find the clusters of feature files",
    description="Cluster samples by their features in one or more spaces, and write one label per "
    "sample.",
    add_options=_add_options,
    run=_run,
)
