"""Read true labels and compare clusters with them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._io._read import read_labels
from sklearn_turtle.metrics import clustering_accuracy

Score = Callable[[Any, Any], float]

#: Scores of clusters against true labels, by the name that is printed.
SCORES: dict[str, Score] = {
    "accuracy": clustering_accuracy,
    "NMI": normalized_mutual_info_score,
    "ARI": adjusted_rand_score,
}


def read_true_labels(
    name: str | None, paths: Sequence[str], spaces: Sequence[Any]
) -> np.ndarray | None:
    """Read the true labels of the samples.

    Parameters
    ----------
    name : str or None
        File of the labels.
    paths : sequence of str
        Feature files.
    spaces : sequence of matrices
        Their features.

    Returns
    -------
    ndarray of shape (n_samples,) or None
        None if ``name`` is None.

    Raises
    ------
    CommandError
        If the number of labels differs from the number of samples.
    FileError
        If the file cannot be read.
    """
    if name is None:
        return None
    y_true = read_labels(name)
    if len(y_true) != len(spaces[0]):
        raise CommandError(
            f"{name}: has {len(y_true)} labels, but {paths[0]} has {len(spaces[0])} samples"
        )
    return y_true


def print_scores(scores: Mapping[str, Score], y_true: np.ndarray, labels: np.ndarray) -> None:
    """Print one line per score."""
    for name, score in scores.items():
        print(f"{name[0].upper() + name[1:]}: {score(y_true, labels):.3f}")
