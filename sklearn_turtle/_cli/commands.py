"""What each command does; each takes the parsed arguments and prints a report."""

from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle._cli import files
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.settings import given_settings
from sklearn_turtle._cli.shared import (
    one_line_errors,
    print_sizes,
    read_model_and_spaces,
    read_spaces,
    since,
    space_names,
)
from sklearn_turtle.datasets._digits import load_digit_spaces
from sklearn_turtle.metrics import clustering_accuracy, mean_per_class_accuracy

_SCORES = {
    "accuracy": clustering_accuracy,
    "NMI": normalized_mutual_info_score,
    "ARI": adjusted_rand_score,
}
_EVALUATION_SCORES = {
    "accuracy": clustering_accuracy,
    "mean per-class accuracy": mean_per_class_accuracy,
} | _SCORES


def run_digits(arguments):
    """Cluster the digits of scikit-learn and compare with KMeans.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``output``.
    """
    files.check_output(arguments.output, files.ARRAY_SUFFIXES)
    print("Clustering the handwritten digits of scikit-learn into 10 clusters, without labels.")
    start = perf_counter()
    spaces, digits = load_digit_spaces()
    widths = " and ".join(f"{name} ({matrix.shape[1]})" for name, matrix in spaces.items())
    print(f"{len(digits)} images; features of 2 spaces, {widths}, computed in {since(start)}.\n")

    start = perf_counter()
    turtle = TurtleClustering(n_clusters=10, random_state=0).fit(spaces)
    turtle_time = since(start)
    start = perf_counter()
    stacked = np.hstack([normalize(matrix) for matrix in spaces.values()])
    k_means = KMeans(n_clusters=10, n_init=10, random_state=0).fit(stacked)
    k_means_time = since(start)

    print(f"{'':32}{''.join(f'{name:>10}' for name in _SCORES)}{'time':>10}")
    for name, labels, time in (
        ("TurtleClustering", turtle.labels_, turtle_time),
        ("KMeans on the same features", k_means.labels_, k_means_time),
    ):
        scores = "".join(f"{score(digits, labels):10.3f}" for score in _SCORES.values())
        print(f"{name:32}{scores}{time:>10}")
    print("(The true digits are used for these scores alone.)\n")
    files.write_array(arguments.output, turtle.labels_, "label")
    print(f"Labels of TurtleClustering: {Path(arguments.output).resolve()}")


def run_fit(arguments):
    """Find the clusters of feature files.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``features``, ``n_clusters``, ``output``, ``model``, ``checkpoint``,
        ``released_settings`` and the settings that were given.
    """
    files.check_output(arguments.output, files.ARRAY_SUFFIXES, arguments.features)
    if arguments.model is not None:
        files.check_output(arguments.model, files.MODEL_SUFFIXES, arguments.features)
    if arguments.checkpoint is not None:
        files.check_output(arguments.checkpoint, files.CHECKPOINT_SUFFIXES, arguments.features)
    names = space_names(arguments.features)
    spaces = read_spaces(arguments.features, names)
    released = RELEASED_SETTINGS if arguments.released_settings else {}
    turtle = TurtleClustering(arguments.n_clusters, **{**released, **given_settings(arguments)})

    start = perf_counter()
    with one_line_errors(arguments.features, names):
        turtle.fit(dict(zip(names, spaces, strict=True)), checkpoint=arguments.checkpoint)
    print(f"Fitted {' '.join(repr(turtle).split())} in {since(start)}, {turtle.n_iter_} steps.")
    if np.isfinite(turtle.stability_):
        print(f"Stability (mean adjusted Rand index of the restarts): {turtle.stability_:.3f}")
    print_sizes(turtle.labels_, turtle.n_clusters)
    files.write_array(arguments.output, turtle.labels_, "label")
    print(f"Labels: {arguments.output}")
    if arguments.model is not None:
        files.write_model(arguments.model, turtle)
        print(f"Model: {arguments.model}")


def run_predict(arguments):
    """Assign the samples of feature files to the clusters of a model.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``model``, ``features``, ``output``, ``proba`` and ``verbose``.
    """
    inputs = [arguments.model, *arguments.features]
    files.check_output(arguments.output, files.ARRAY_SUFFIXES, inputs)
    turtle, spaces, names = read_model_and_spaces(arguments.model, arguments.features)
    start = perf_counter()
    with one_line_errors(arguments.features, names):
        if Path(arguments.output).suffix.lower() == ".npy":
            files.write_prediction(
                arguments.output, turtle, spaces, arguments.proba, arguments.verbose
            )
            prediction = np.load(arguments.output, mmap_mode="r")
        else:
            prediction = (turtle.predict_proba if arguments.proba else turtle.predict)(spaces)
            column = "cluster" if arguments.proba else "label"
            files.write_array(arguments.output, prediction, column)
    if arguments.proba:
        print(f"Probabilities of {prediction.shape[1]} clusters, found in {since(start)}.")
    else:
        print(f"Labels, found in {since(start)}.")
        print_sizes(prediction, turtle.n_clusters)
    print(f"{'Probabilities' if arguments.proba else 'Labels'}: {arguments.output}")


def run_score(arguments):
    """Score a model, with or without true labels.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``model``, ``features`` and ``labels``.
    """
    turtle, spaces, names = read_model_and_spaces(arguments.model, arguments.features)
    y_true = _read_true_labels(arguments, spaces)
    with one_line_errors(arguments.features, names):
        print(f"Generalization score: {turtle.score(spaces):.3f}")
        if y_true is not None:
            _print_scores(_SCORES, y_true, turtle.predict(spaces))


def run_evaluate(arguments):
    """Evaluate a labeling of feature files by true labels, or without any.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``model``, ``features`` and ``labels``.
    """
    turtle, spaces, names = read_model_and_spaces(arguments.model, arguments.features)
    y_true = _read_true_labels(arguments, spaces)
    with one_line_errors(arguments.features, names):
        labels = turtle.predict(spaces)
        print_sizes(labels, turtle.n_clusters)
        if y_true is None:
            print(f"Generalization score: {turtle.score(spaces):.3f}")
        else:
            _print_scores(_EVALUATION_SCORES, y_true, labels)


def _read_true_labels(arguments, spaces):
    """The labels, one a sample; None where none are given."""
    if arguments.labels is None:
        return None
    y_true = files.read_labels(arguments.labels)
    if len(y_true) != len(spaces[0]):
        raise CommandError(
            f"{arguments.labels}: has {len(y_true)} labels, but {arguments.features[0]} has "
            f"{len(spaces[0])} samples"
        )
    return y_true


def _print_scores(scores, y_true, labels):
    for name, score in scores.items():
        print(f"{name[0].upper() + name[1:]}: {score(y_true, labels):.3f}")
