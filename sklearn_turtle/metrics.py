"""Scores of labellings, with and without true labels."""

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_consistent_length, column_or_1d

__all__ = ["clustering_accuracy", "generalization_score", "stability"]


def clustering_accuracy(y_true, y_pred):
    """Accuracy of a clustering under the best one-to-one matching of clusters to classes.

    The matching is the one that maximises the accuracy (Hungarian algorithm). Where there are
    more clusters than classes, rows of the clusters that are left over count as errors, and
    the reverse.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True classes: integers or strings.
    y_pred : array-like of shape (n_samples,)
        Clusters.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the lengths differ or are zero.

    Examples
    --------
    >>> from sklearn_turtle.metrics import clustering_accuracy
    >>> clustering_accuracy(["cat", "cat", "dog", "dog"], [1, 1, 0, 1])
    0.75
    """
    y_true, y_pred = column_or_1d(y_true), column_or_1d(y_pred)
    check_consistent_length(y_true, y_pred)
    if len(y_true) == 0:
        raise ValueError("clustering_accuracy needs at least one sample; y_true is empty.")
    overlaps = contingency_matrix(y_true, y_pred)
    classes, clusters = linear_sum_assignment(overlaps, maximize=True)
    return float(overlaps[classes, clusters].sum() / len(y_true))


def stability(labelings):
    """Mean adjusted Rand index over all pairs of labellings of the same rows.

    Parameters
    ----------
    labelings : array-like of shape (n_labelings, n_samples)
        Labellings, for instance those of several restarts.

    Returns
    -------
    float
        At most 1, which stands for labellings that all agree; around 0 where they agree no
        better than by chance; NaN where there are fewer than two.

    Examples
    --------
    >>> from sklearn_turtle.metrics import stability
    >>> stability([[0, 0, 1, 1], [1, 1, 0, 0]])
    1.0
    """
    labelings = np.asarray(labelings)
    pairs = [
        adjusted_rand_score(labelings[i], labelings[j])
        for i in range(len(labelings))
        for j in range(i)
    ]
    return float(np.mean(pairs)) if pairs else float("nan")


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
