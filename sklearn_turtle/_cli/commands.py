"""What each command does; each takes the parsed arguments and prints a report."""

from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_turtle import RELEASED_SETTINGS, TurtleClustering
from sklearn_turtle._cli import files
from sklearn_turtle._cli.digits import load_digit_spaces
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.settings import given_settings
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
    print(f"{len(digits)} images; features of 2 spaces, {widths}, computed in {_since(start)}.\n")

    start = perf_counter()
    turtle = TurtleClustering(n_clusters=10, random_state=0).fit(spaces)
    turtle_time = _since(start)
    start = perf_counter()
    stacked = np.hstack([normalize(matrix) for matrix in spaces.values()])
    k_means = KMeans(n_clusters=10, n_init=10, random_state=0).fit(stacked)
    k_means_time = _since(start)

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
    names = _space_names(arguments.features)
    spaces = _read_spaces(arguments.features, names)
    released = RELEASED_SETTINGS if arguments.released_settings else {}
    turtle = TurtleClustering(arguments.n_clusters, **{**released, **given_settings(arguments)})

    start = perf_counter()
    with _one_line_errors(arguments.features, names):
        turtle.fit(dict(zip(names, spaces, strict=True)), checkpoint=arguments.checkpoint)
    print(f"Fitted {' '.join(repr(turtle).split())} in {_since(start)}, {turtle.n_iter_} steps.")
    if np.isfinite(turtle.stability_):
        print(f"Stability (mean adjusted Rand index of the restarts): {turtle.stability_:.3f}")
    _print_sizes(turtle.labels_, turtle.n_clusters)
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
    turtle, spaces, names = _read_model_and_spaces(arguments)
    start = perf_counter()
    with _one_line_errors(arguments.features, names):
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
        print(f"Probabilities of {prediction.shape[1]} clusters, found in {_since(start)}.")
    else:
        print(f"Labels, found in {_since(start)}.")
        _print_sizes(prediction, turtle.n_clusters)
    print(f"{'Probabilities' if arguments.proba else 'Labels'}: {arguments.output}")


def run_score(arguments):
    """Score a model, with or without true labels.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``model``, ``features`` and ``labels``.
    """
    turtle, spaces, names = _read_model_and_spaces(arguments)
    y_true = _read_true_labels(arguments, spaces)
    with _one_line_errors(arguments.features, names):
        print(f"Generalisation score: {turtle.score(spaces):.3f}")
        if y_true is not None:
            _print_scores(_SCORES, y_true, turtle.predict(spaces))


def run_evaluate(arguments):
    """Evaluate a labelling of feature files by true labels, or without any.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``model``, ``features`` and ``labels``.
    """
    turtle, spaces, names = _read_model_and_spaces(arguments)
    y_true = _read_true_labels(arguments, spaces)
    with _one_line_errors(arguments.features, names):
        labels = turtle.predict(spaces)
        _print_sizes(labels, turtle.n_clusters)
        if y_true is None:
            print(f"Generalisation score: {turtle.score(spaces):.3f}")
        else:
            _print_scores(_EVALUATION_SCORES, y_true, labels)


def _read_model_and_spaces(arguments):
    """The model, the spaces in the order in which they were given, and the model's names."""
    turtle = files.read_model(arguments.model)
    names = turtle.space_names_
    if len(names) != len(arguments.features):
        raise CommandError(
            f"{arguments.model}: has {len(names)} space(s), but "
            f"{len(arguments.features)} feature file(s) are given"
        )
    return turtle, _read_spaces(arguments.features, names), names


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


def _read_spaces(paths, names):
    spaces = []
    for path, name in zip(paths, names, strict=True):
        matrix = files.read_features(path)
        kind = "" if hasattr(matrix, "columns") else f", {str(matrix.dtype).split('.')[-1]}"
        print(f"{name}: {path}, {matrix.shape[0]} samples x {matrix.shape[1]} features{kind}")
        spaces.append(matrix)
    return spaces


def _space_names(paths):
    """Short names for the spaces of feature files: without folder, if that tells them apart."""
    stems = [Path(path).name.split(".")[0] for path in paths]
    if len(set(stems)) == len(paths):
        return stems
    if len(set(paths)) == len(paths):
        return paths
    return [f"space{k}" for k in range(len(paths))]


def _print_scores(scores, y_true, labels):
    for name, score in scores.items():
        print(f"{name[0].upper() + name[1:]}: {score(y_true, labels):.3f}")


def _print_sizes(labels, n_clusters):
    sizes = np.sort(np.bincount(labels, minlength=n_clusters))
    print(
        f"{len(labels)} samples in {np.count_nonzero(sizes)} of {n_clusters} clusters, sizes from "
        f"{sizes[0]} to {sizes[-1]}, median {np.median(sizes):g}."
    )


@contextmanager
def _one_line_errors(paths, names):
    """Turn errors of the estimator into one line that says which file is which space."""
    try:
        yield
    except (InvalidParameterError, ImportError, OSError) as error:  # no file of these is to blame
        raise CommandError(error) from error
    except (ValueError, TypeError) as error:
        which = ", ".join(f"{name} = {path}" for name, path in zip(names, paths, strict=True))
        raise CommandError(f"{error} (spaces: {which})") from error
    except (MemoryError, torch.cuda.OutOfMemoryError) as error:
        raise CommandError(
            f"there is not enough memory ({error}); a smaller batch size or device 'cpu' may help"
        ) from error


def _since(start):
    return f"{perf_counter() - start:.1f} s"
