"""The command ``score``: score a model with or without true labels."""

import argparse

from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import one_line_errors
from sklearn_turtle._cli.options import add_features, add_labels, add_model
from sklearn_turtle._cli.spaces import read_model_and_spaces
from sklearn_turtle._cli.true_labels import SCORES, print_scores, read_true_labels


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_model(parser)
    add_features(parser)
    add_labels(parser)


def _run(arguments: argparse.Namespace) -> None:
    turtle, spaces, names = read_model_and_spaces(arguments.model, arguments.features)
    y_true = read_true_labels(arguments.labels, arguments.features, spaces)
    with one_line_errors(arguments.features, names):
        print(f"Generalization score: {turtle.score(spaces):.3f}")
        if y_true is not None:
            print_scores(SCORES, y_true, turtle.predict(spaces))


SCORE = Command(
    name="score",
    summary="score a model, with or without true labels",
    description="Print the generalization score of a model, which needs no labels: how well linear "
    "classifiers predict its clusters on held-out samples. With true labels, also print the "
    "clustering accuracy, the normalized mutual information and the adjusted Rand index.",
    add_options=_add_options,
    run=_run,
)
