"""Comparison of a clustering with a supervised linear probe."""

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils._param_validation import HasMethods, Interval, validate_params
from sklearn.utils.validation import check_consistent_length

from sklearn_turtle._input._labels import read_column
from sklearn_turtle._input._spaces import is_collection_of_spaces, stack_spaces
from sklearn_turtle._input._vectors import unpack_vectors
from sklearn_turtle.metrics._matching import match_clusters


@dataclass(frozen=True)
class ProbeComparison:
    """Accuracies of a clustering next to those of a supervised linear probe.

    Parameters
    ----------
    names : list
        The classes or datasets that the accuracies belong to.
    unsupervised : ndarray of shape (n_names,)
        Accuracies of the clustering.
    supervised : ndarray of shape (n_names,)
        Accuracies of the linear probe.
    unsupervised_accuracy : float
        Overall accuracy of the clustering.
    supervised_accuracy : float
        Overall accuracy of the linear probe.

    See Also
    --------
    compare_with_probe : Makes a comparison from labeled samples.

    Notes
    -----
    Over the 26 datasets of the paper, the two accuracies have a correlation of .87 [1]_. TURTLE
    looks for clusters that linear classifiers separate well; if the probe is accurate, the true
    classes are separated well, too. On the diagonal the clustering is optimal: labels would not
    improve it.

    References
    ----------
    .. [1] A. Gadetsky, Y. Jiang, M. Brbic, "Let Go of Your Labels with Unsupervised Transfer",
       ICML 2024. https://arxiv.org/abs/2406.07236

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_turtle.metrics import ProbeComparison
    >>> comparison = ProbeComparison(
    ...     ["cat", "dog", "emu"], np.array([0.9, 0.8, 0.3]), np.array([0.9, 0.9, 0.6]), 0.7, 0.8
    ... )
    >>> comparison.optimal()
    ['cat']
    >>> round(comparison.correlation, 2)
    0.99
    """

    names: list[Any]
    unsupervised: np.ndarray
    supervised: np.ndarray
    unsupervised_accuracy: float
    supervised_accuracy: float

    @property
    def correlation(self) -> float:
        """Pearson correlation of the two accuracies; NaN if one of them is constant."""
        if len(self.names) < 2 or np.ptp(self.unsupervised) == 0 or np.ptp(self.supervised) == 0:
            return float("nan")
        return float(np.corrcoef(self.unsupervised, self.supervised)[0, 1])

    def optimal(self, tolerance: float = 0.02) -> list[Any]:
        """Find the names for which the clustering is as accurate as the probe.

        Parameters
        ----------
        tolerance : float, default=0.02
            How far the accuracy of the clustering may be below that of the probe.

        Returns
        -------
        list
            In the order of ``names``.
        """
        is_optimal = self.unsupervised >= self.supervised - tolerance
        return [name for name, optimal in zip(self.names, is_optimal, strict=True) if optimal]


@validate_params(
    {
        "cv": [Interval(Integral, 2, None, closed="left")],
        "probe": [None, HasMethods(["fit", "predict"])],
    },
    prefer_skip_nested_validation=True,
)
def compare_with_probe(
    labels: Any, X: Any, y: Any, *, cv: int = 5, probe: Any = None
) -> ProbeComparison:
    """Compare a clustering with a supervised linear probe on a few labeled samples.

    Both use the same labels and are scored on the same rows by cross-validation. In each fold,
    the training rows match clusters to classes and train the probe; then both predict the classes
    of the held-out rows. If the clustering is as accurate as the probe, it is optimal: more labels
    would hardly improve a linear classifier. If it is less accurate, labels help.

    Parameters
    ----------
    labels : array-like of shape (n_samples,)
        Clusters of the labeled samples. For a clustering that was fitted on many more samples,
        pass the result of its ``predict``. Rejected samples (-1) count as errors.
    X : list, tuple or dict of array-like of shape (n_samples, n_features of the space), \
            or array-like of shape (n_samples, n_features)
        Features of the labeled samples, in one or more spaces.
    y : array-like of shape (n_samples,)
        Classes of the samples: integers or strings. Each class needs at least two samples.
    cv : int, default=5
        Number of folds, at most the number of samples in the smallest class.
    probe : classifier or None, default=None
        Classifier that is fitted to all spaces side by side; None for logistic regression on
        standardized features.

    Returns
    -------
    ProbeComparison
        Its names are the classes; its accuracies are the shares of correctly predicted rows in
        each class.

    Raises
    ------
    ValueError
        If the lengths differ, if there is only one class, or if a class has a single sample.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.metrics import compare_with_probe
    >>> X, y = make_blobs(300, n_features=20, centers=3, random_state=0)
    >>> turtle = TurtleClustering(n_clusters=3, n_init=8, random_state=0).fit(X)
    >>> few = slice(None, None, 5)
    >>> comparison = compare_with_probe(turtle.predict(X[few]), X[few], y[few])
    >>> 0 in comparison.optimal()
    True
    """
    labels, y = read_column(labels, "labels"), read_column(y, "y")
    features = stack_spaces(X)[0] if is_collection_of_spaces(X) else _as_features(X)
    check_consistent_length(labels, features, y)
    classes, sizes = np.unique(y, return_counts=True)
    if len(classes) < 2:
        raise ValueError(f"y has {len(classes)} class, but a probe needs at least 2.")
    if sizes.min() < 2:
        raise ValueError(
            f"Class {classes[sizes.argmin()]} has only one sample, but a probe needs at least 2: "
            "label another sample of the class, or leave the class out."
        )
    folds = StratifiedKFold(min(cv, int(sizes.min())), shuffle=True, random_state=0)
    if probe is None:
        probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    by_probe = cross_val_predict(probe, features, y, cv=folds) == y
    by_clusters = np.zeros(len(y), dtype=bool)
    for training, held_out in folds.split(np.zeros(len(y)), y):
        class_of = match_clusters(y[training], labels[training])
        by_clusters[held_out] = [
            cluster in class_of and class_of[cluster] == name
            for cluster, name in zip(labels[held_out].tolist(), y[held_out].tolist(), strict=True)
        ]
    return ProbeComparison(
        classes.tolist(),
        np.array([by_clusters[y == name].mean() for name in classes]),
        np.array([by_probe[y == name].mean() for name in classes]),
        float(by_clusters.mean()),
        float(by_probe.mean()),
    )


def _as_features(X: Any) -> Any:
    """Replace a column of vectors by an array; leave any other matrix to the probe."""
    return X if unpack_vectors(X, "X") is X else stack_spaces([X])[0]
