"""Labelings of one half of the rows and of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import entropy
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._estimator._problem import Problem
from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._solver import (
    Draws,
    leave_one_out_accuracy,
    project,
    restart_labels,
    search_labeling,
    side_by_side,
)


@dataclass(frozen=True)
class HalvesMeasurement:
    """How labelings of both halves agree, for several splits of the rows into halves.

    Both labelings of a split label the same rows, spread over all data.

    Attributes
    ----------
    agreement : ndarray of shape (n_splits,)
        Adjusted Rand index of the two labelings.
    entropy : ndarray of shape (n_splits, 2)
        Entropy of each labeling, in nats.
    accuracy : ndarray of shape (n_splits, 2)
        Accuracy of linear classifiers that predict each labeling; see
        :func:`leave_one_out_accuracy`.
    """

    agreement: np.ndarray
    entropy: np.ndarray
    accuracy: np.ndarray

    @classmethod
    def joined(cls, measurements: Sequence["HalvesMeasurement"]) -> "HalvesMeasurement":
        """Join the splits of several measurements."""
        return cls(
            *(
                np.concatenate([getattr(measurement, name) for measurement in measurements])
                for name in ("agreement", "entropy", "accuracy")
            )
        )


class ProjectedProblem:
    """Data on the principal axes that all numbers of clusters share.

    Parameters
    ----------
    problem : Problem
        The data.
    n_components : int or None
        Number of rotated principal axes; None for the features as they are.
    seed : int
        Seed of the projection. The seeds of the splits follow it.

    Attributes
    ----------
    n_samples : int
        Number of rows.
    """

    def __init__(self, problem: Problem, n_components: int | None, seed: int) -> None:
        self.n_samples = problem.spaces.n_samples
        self._spaces = project(problem.feature_spaces, n_components, Draws(seed))
        self._seed_of_first_split = seed + 1

    def in_halves(self, estimator: Any, splits: range) -> HalvesMeasurement:
        """Measure labelings of halves of the rows.

        Parameters
        ----------
        estimator : TurtleClustering
            Gives the parameters of the labelings.
        splits : range of int
            Numbers of the splits, from 0. A split is the same for every number of clusters.

        Returns
        -------
        HalvesMeasurement
        """
        return HalvesMeasurement.joined([self._of_split(estimator, split) for split in splits])

    def _of_split(self, estimator: Any, split: int) -> HalvesMeasurement:
        draws = Draws(self._seed_of_first_split + split)
        found = []
        for half in draws.permutation(self.n_samples).tensor_split(2):
            strategy = strategy_of(estimator, len(half), len(self._spaces))
            found.append(search_labeling(self._spaces, half.sort().values, strategy, draws))
        model = side_by_side(found)
        labels = restart_labels(model, self._spaces).cpu().numpy()
        return HalvesMeasurement(
            agreement=np.array([adjusted_rand_score(*labels)]),
            entropy=np.array([[entropy(np.bincount(of_half)) for of_half in labels]]),
            accuracy=leave_one_out_accuracy(model, self._spaces).cpu().numpy()[None],
        )
