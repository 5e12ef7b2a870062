"""Labelings of one half of the rows and of the other."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import entropy
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._estimator._rules import strategy_of
from sklearn_turtle._solver import (
    Draws,
    leave_one_out_accuracy,
    project,
    restart_labels,
    search_labelings,
    side_by_side,
)


@dataclass(frozen=True)
class HalvesMeasurement:
    """What the labelings of both halves say, for each split of the rows into halves.

    All labels are those given to rows spread over all data.

    Attributes
    ----------
    agreement : ndarray of shape (n_splits,)
        Adjusted Rand index of the labelings of both halves.
    entropy : ndarray of shape (n_splits, 2)
        Entropy of the labeling of each half, in nats.
    accuracy : ndarray of shape (n_splits, 2)
        How well linear classifiers of all rows predict the labeling of each half.
    """

    agreement: np.ndarray
    entropy: np.ndarray
    accuracy: np.ndarray

    @classmethod
    def joined(cls, measurements):
        """One measurement of the splits of several."""
        return cls(
            *(
                np.concatenate([getattr(measurement, name) for measurement in measurements])
                for name in ("agreement", "entropy", "accuracy")
            )
        )


class ProjectedProblem:
    """The spaces as labelings see them, the same for every number of clusters.

    Parameters
    ----------
    problem : Problem
        What is to be clustered.
    n_components : int or None
        Number of rotated principal axes.
    seed : int
        Seed of the projection; those that follow are the seeds of the splits.
    """

    def __init__(self, problem, n_components, seed):
        self._spaces = project(problem.feature_spaces, n_components, Draws(seed))
        self._n_samples = problem.spaces.n_samples
        self._seed_of_first_split = seed + 1

    def in_halves(self, estimator, splits):
        """Measure labelings of halves.

        Parameters
        ----------
        estimator : TurtleClustering
            Its parameters are those of the labelings.
        splits : range of int
            Which splits, from 0. A split is the same for every number of clusters.

        Returns
        -------
        list of HalvesMeasurement
            One per way of polishing.
        """
        of_splits = [self._of_split(estimator, split) for split in splits]
        return [HalvesMeasurement.joined(of_way) for of_way in zip(*of_splits, strict=True)]

    def _of_split(self, estimator, split):
        draws = Draws(self._seed_of_first_split + split)
        found = []
        for half in draws.permutation(self._n_samples).tensor_split(2):
            strategy = strategy_of(estimator, len(half))
            found.append(search_labelings(self._spaces, half.sort().values, strategy, draws))
        return [self._measured(side_by_side(models)) for models in zip(*found, strict=True)]

    def _measured(self, model):
        labels = restart_labels(model, self._spaces).cpu().numpy()
        return HalvesMeasurement(
            agreement=np.array([adjusted_rand_score(*labels)]),
            entropy=np.array([[entropy(np.bincount(of_half)) for of_half in labels]]),
            accuracy=leave_one_out_accuracy(model, self._spaces).cpu().numpy()[None],
        )
