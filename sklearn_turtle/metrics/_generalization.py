"""The generalisation score: the paper's label-free selection."""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_consistent_length, column_or_1d


def generalization_score(labels, X, *, cv=10, C=1.0, max_iter=1000):
    """How well linear classifiers predict the labels of held-out rows.

    The label-free model selection of the paper: k-fold cross-validated accuracy of a logistic
    regression that predicts the labels, averaged over the spaces.

    Parameters
    ----------
    labels : array-like of shape (n_samples,)
        A labelling of the rows.
    X : list of array-like of shape (n_samples, n_features of the space)
        Features in each space.
    cv : int, default=10
        Number of folds; as many as there are rows where these are fewer. The folds are drawn
        at random, always the same ones for the same number of rows.
    C : float, default=1.0
        Inverse strength of the L2 penalty of the logistic regression.
    max_iter : int, default=1000
        Number of iterations of the logistic regression.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If there are fewer than two rows, or the lengths differ.

    References
    ----------
    arXiv:2406.07236, Section 3 and Appendix.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle.metrics import generalization_score
    >>> X, y = load_iris(return_X_y=True)
    >>> score = generalization_score(y, [X[:, :2], X[:, 2:]])
    """
    labels = column_or_1d(labels)
    check_consistent_length(labels, *X)
    if len(labels) < 2:
        raise ValueError(f"The generalisation score needs at least 2 rows; got {len(labels)}.")
    folds = KFold(min(cv, len(labels)), shuffle=True, random_state=0)
    accuracies = []
    for features in X:
        if isinstance(features, torch.Tensor):
            features = features.cpu().float().numpy()
        for train, test in folds.split(features):
            classes = np.unique(labels[train])
            if len(classes) == 1:  # nothing to learn
                accuracies.append(np.mean(labels[test] == classes[0]))
                continue
            classifier = LogisticRegression(C=C, max_iter=max_iter)
            classifier.fit(features[train], labels[train])
            accuracies.append(classifier.score(features[test], labels[test]))
    return float(np.mean(accuracies))
