"""The generalization score: the paper's label-free selection."""

from numbers import Integral, Real

import numpy as np
import torch
from sklearn.model_selection import KFold
from sklearn.utils._param_validation import Interval, validate_params
from sklearn.utils.validation import check_consistent_length, column_or_1d

from sklearn_turtle._input._device import as_tensor, select_device
from sklearn_turtle._input._rows import check_finite
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
def generalization_score(labels, X, *, cv=10, C=1.0, max_iter=1000, adjusted=False, device="auto"):
    """How well linear classifiers predict the labels of held-out rows.

    The label-free model selection of the paper [1]_: k-fold cross-validated accuracy of a
    logistic regression that predicts the labels, averaged over the spaces.

    Parameters
    ----------
    labels : array-like of shape (n_samples,)
        A labeling of the rows: integers or strings.
    X : list of array-like of shape (n_samples, n_features of the space)
        Features in each space.
    cv : int, default=10
        Number of folds; as many as there are rows where these are fewer. The folds are drawn
        at random, always the same ones for the same number of rows.
    C : float, default=1.0
        Inverse strength of the L2 penalty of the logistic regression; infinity for no penalty.
    max_iter : int, default=1000
        Number of iterations of the logistic regression at most.
    adjusted : bool, default=False
        Whether to correct for chance: 0 stands for the accuracy that drawing labels by their
        frequencies would have, 1 for all rows right. A labeling of few or very unequal clusters
        is easily predicted, which this takes into account.
    device : str or torch.device, default="auto"
        Where the regressions are solved: "auto" for CUDA, then MPS, then the CPU.

    Returns
    -------
    float
        Between 0 and 1, or possibly below 0 where it is adjusted; higher is better. A labeling
        of a single cluster, which tells nothing, scores 0.

    Raises
    ------
    ValueError
        If there are fewer than two rows, the lengths differ, features are not finite, or a
        parameter is out of range.

    Notes
    -----
    The regressions of all folds of a space are solved side by side in float32, or in float64
    where the features are; the scores are within .005 of those that scikit-learn's
    LogisticRegression gives.

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
    labels = column_or_1d(labels)
    check_consistent_length(labels, *X)
    n_samples = len(labels)
    if n_samples < 2:
        raise ValueError(f"The generalization score needs at least 2 rows; got {n_samples}.")
    clusters, labels = np.unique(labels, return_inverse=True)
    if len(clusters) == 1:
        return 0.0
    n_folds = min(cv, n_samples)
    fold_of = np.empty(n_samples, dtype=np.int64)
    folds = KFold(n_folds, shuffle=True, random_state=0).split(labels)
    for fold, (_, test) in enumerate(folds):
        fold_of[test] = fold
    device = select_device(device)
    on_device = torch.from_numpy(labels).to(device), torch.from_numpy(fold_of).to(device)
    accuracies = []
    for k, features in enumerate(X):
        features = (
            features if isinstance(features, torch.Tensor) else as_tensor(np.asarray(features))
        )
        check_finite(f"space{k}", features)
        if device.type == "mps":  # has no float64
            features = features.float()
        predicted = held_out_predictions(
            features.to(device), *on_device, n_folds, C=C, max_iter=max_iter
        )
        # the mean over the folds, which may differ in size by a row
        right = predicted.cpu().numpy() == labels
        accuracies.append(np.mean(np.bincount(fold_of, right) / np.bincount(fold_of)))
    accuracy = float(np.mean(accuracies))
    if not adjusted:
        return accuracy
    by_chance = np.square(np.bincount(labels) / n_samples).sum()
    return float((accuracy - by_chance) / (1 - by_chance))
