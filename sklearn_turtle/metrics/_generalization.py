"""The generalization score, by which the paper selects models without labels."""

from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import KFold
from sklearn.utils._param_validation import Interval, validate_params
from sklearn.utils.validation import check_consistent_length

from sklearn_turtle._input._conversion import as_tensor
from sklearn_turtle._input._device import select_device
from sklearn_turtle._input._labels import read_column
from sklearn_turtle._input._matrix import Matrix
from sklearn_turtle._input._rows import check_finite
from sklearn_turtle._input._spaces import is_collection_of_spaces, spaces_of_collection
from sklearn_turtle._input._torch_defaults import with_torch_defaults
from sklearn_turtle.metrics._logistic_regression import held_out_predictions


@validate_params(
    {
        "cv": [Interval(Integral, 2, None, closed="left")],
        "C": [Interval(Real, 0, None, closed="right")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "adjusted": ["boolean"],
        "device": [str, torch.device],
    },
    prefer_skip_nested_validation=True,
)
@with_torch_defaults
def generalization_score(
    labels: Any,
    X: Any,
    *,
    cv: int = 10,
    C: float = 1.0,
    max_iter: int = 1000,
    adjusted: bool = False,
    device: str | torch.device = "auto",
) -> float:
    """Score how well linear classifiers predict the labels of held-out rows.

    The paper [1]_ selects models without labels by this score: the k-fold cross-validated
    accuracy of a logistic regression that predicts the labels, averaged over the spaces.

    Parameters
    ----------
    labels : array-like of shape (n_samples,)
        A labeling of the rows: integers or strings.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features in each space; a matrix is one space.
    cv : int, default=10
        Number of folds, at most the number of rows. The folds are random, and always the same
        for the same number of rows.
    C : float, default=1.0
        Inverse strength of the L2 penalty of the logistic regression; infinity for no penalty.
    max_iter : int, default=1000
        Maximum number of iterations of the logistic regression.
    adjusted : bool, default=False
        If True, correct the accuracy for chance: 0 is the accuracy of labels drawn at random
        with the frequencies of the labeling, 1 that of a perfect prediction. A labeling with few
        clusters, or with very unequal ones, is easy to predict; the correction accounts for that.
    device : str or torch.device, default="auto"
        Device of the regressions: "auto" for CUDA, then MPS, then the CPU.

    Returns
    -------
    float
        Between 0 and 1, or below 0 if adjusted; higher is better. A labeling with a single
        cluster scores 0, because it carries no information.

    Raises
    ------
    ValueError
        If there are fewer than two rows, the lengths or the indexes of the spaces differ, features
        are not finite, or a parameter is out of range.

    Notes
    -----
    The regressions of all folds of a space are solved side by side, in float64 if the features
    are float64 and in float32 otherwise. The scores are within .005 of those from scikit-learn's
    LogisticRegression.

    References
    ----------
    .. [1] A. Gadetsky, Y. Jiang, M. Brbic, "Let Go of Your Labels with Unsupervised Transfer",
       ICML 2024, Section 3 and Appendix. https://arxiv.org/abs/2406.07236

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle.metrics import generalization_score
    >>> X, y = load_iris(return_X_y=True)
    >>> round(generalization_score(y, [X[:, :2], X[:, 2:]]), 2)
    0.88
    """
    labels = read_column(labels, "labels")
    spaces = spaces_of_collection(X if is_collection_of_spaces(X) else [X])
    check_consistent_length(labels, spaces.matrices[0])
    n_samples = len(labels)
    if n_samples < 2:
        raise ValueError(f"The generalization score needs at least 2 rows; got {n_samples}.")
    clusters, labels = np.unique(labels, return_inverse=True)
    if len(clusters) == 1:
        return 0.0
    n_folds = min(cv, n_samples)
    fold_of = _random_folds(n_samples, n_folds)
    chosen = select_device(device)
    on_device = torch.from_numpy(labels).to(chosen), torch.from_numpy(fold_of).to(chosen)
    accuracies = []
    for name, matrix in zip(spaces.names, spaces.matrices, strict=True):
        features = _read_features(name, matrix, chosen)
        predicted = held_out_predictions(features, *on_device, n_folds, C=C, max_iter=max_iter)
        # Average over the folds, because their sizes may differ by one row.
        right = predicted.cpu().numpy() == labels
        accuracies.append(np.mean(np.bincount(fold_of, right) / np.bincount(fold_of)))
    accuracy = float(np.mean(accuracies))
    if not adjusted:
        return accuracy
    by_chance = np.square(np.bincount(labels) / n_samples).sum()
    return float((accuracy - by_chance) / (1 - by_chance))


def _random_folds(n_samples: int, n_folds: int) -> np.ndarray:
    """Assign each row to a fold, (n_samples,)."""
    fold_of = np.empty(n_samples, dtype=np.int64)
    folds = KFold(n_folds, shuffle=True, random_state=0).split(fold_of)
    for fold, (_, held_out) in enumerate(folds):
        fold_of[held_out] = fold
    return fold_of


def _read_features(name: str, matrix: Matrix, device: torch.device) -> torch.Tensor:
    """Check the features of a space and move them to the device."""
    tensor = as_tensor(matrix)
    check_finite(name, tensor)
    if device.type == "mps":  # has no float64
        tensor = tensor.float()
    return tensor.to(device)
