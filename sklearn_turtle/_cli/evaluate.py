"""The command ``evaluate``: compare a labeling with true labels."""

import argparse

from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import one_line_errors
from sklearn_turtle._cli.options import add_features, add_labels, add_model
from sklearn_turtle._cli.output import print_sizes
from sklearn_turtle._cli.spaces import read_model_and_spaces
from sklearn_turtle._cli.true_labels import SCORES, Score, print_scores, read_true_labels
from sklearn_turtle.metrics import clustering_accuracy, mean_per_class_accuracy

_SCORES: dict[str, Score] = {
    "accuracy": clustering_accuracy,
    "mean per-class accuracy": mean_per_class_accuracy,
} | SCORES


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_model(parser, metavar="LABELING")
    add_features(parser)
    add_labels(parser)


def _run(arguments: argparse.Namespace) -> None:
    turtle, spaces, names = read_model_and_spaces(arguments.model, arguments.features)
    y_true = read_true_labels(arguments.labels, arguments.features, spaces)
    with one_line_errors(arguments.features, names):
        labels = turtle.predict(spaces)
        print_sizes(labels, turtle.n_clusters_)
        if y_true is None:
            print(f"Generalization score: {turtle.score(spaces):.3f}")
        else:
            print_scores(_SCORES, y_true, labels)


EVALUATE = Command(
    name="evaluate",
    summary="compare a labeling, such as one that the authors released, with true labels",
    description="Print how well a labeling matches the true labels of samples: the clustering "
    "accuracy, the mean accuracy per class, the normalized mutual information and the adjusted "
    "Rand index. Without true labels, print its generalization score. Give the feature files in "
    "the order of the spaces of the labeling, neither centered nor scaled.",
    add_options=_add_options,
    run=_run,
)
