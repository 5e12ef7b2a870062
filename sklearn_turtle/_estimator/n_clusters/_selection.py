"""The number of clusters that is chosen, and the curve behind it."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

# Scores that differ by no more than this share of the highest count as equal.
EQUAL_SHARE = 0.01
# A peak rises by at least this many standard errors above the valleys around it.
PROMINENCE = 2


def room_for_gain(null_accuracy: float | np.ndarray) -> np.ndarray:
    """Share of errors on data without clusters; above 0, so that it can be a divisor."""
    return np.maximum(1 - null_accuracy, np.finfo(float).eps)


@dataclass(frozen=True)
class NClustersSelection:
    """The number of clusters that is chosen, and the curve behind it.

    Parameters
    ----------
    candidates : ndarray of shape (n_candidates,)
        Numbers of clusters that were tried, in increasing order.
    stability : ndarray of shape (n_candidates,)
        Mean adjusted Rand index of two labelings, each found from one half of the data.
    stability_error : ndarray of shape (n_candidates,)
        Standard error of the stability over the splits of the data into halves.
    entropy : ndarray of shape (n_candidates,)
        Entropy of the labelings in nats: ``-sum(p * log(p))``, where p are the shares of the
        clusters. It is log C for C clusters of equal size.
    accuracy : ndarray of shape (n_candidates,)
        Accuracy of linear classifiers that predict the labels. Each row is predicted by a
        classifier of all other rows.
    null_accuracy : ndarray of shape (n_candidates,)
        The same accuracy on data without clusters: normally distributed, with the same
        covariances.
    gain_error : ndarray of shape (n_candidates,)
        Standard error of the gain over the labelings of the data and of the data without clusters.

    See Also
    --------
    select_n_clusters : Choose the number of clusters.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle import TurtleClustering
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(100, n_features=20, centers=4, random_state=0)
    >>> turtle = TurtleClustering(max_iter=30, polish_iter=10)  # quick, for well-separated blobs
    >>> selection = select_n_clusters(X, [3, 4, 5], estimator=turtle, random_state=0)
    >>> selection.candidates
    array([3, 4, 5])
    >>> selection.n_clusters, selection.peaks
    (4, [4])
    """

    candidates: np.ndarray
    stability: np.ndarray
    stability_error: np.ndarray
    entropy: np.ndarray
    accuracy: np.ndarray
    null_accuracy: np.ndarray
    gain_error: np.ndarray

    @property
    def gain(self) -> np.ndarray:
        """Share of the errors on data without clusters that disappears on the data.

        ``(accuracy - null_accuracy) / (1 - null_accuracy)``, or 0 if that is negative.

        Returns
        -------
        ndarray of shape (n_candidates,)
        """
        gained = self.accuracy - self.null_accuracy
        gain: np.ndarray = np.clip(gained / room_for_gain(self.null_accuracy), 0, 1)
        return gain

    @property
    def score(self) -> np.ndarray:
        """Score of each candidate: ``entropy ** 0.5 * (stability * gain) ** 2``.

        Few clusters are easily stable and easily predicted, so the score grows with the entropy.
        A stability below 0 counts as 0. If all scores are near 0, there is no sign of clusters.

        Returns
        -------
        ndarray of shape (n_candidates,)
        """
        score: np.ndarray = self.entropy**0.5 * (self._agreed * self.gain) ** 2
        return score

    @property
    def score_error(self) -> np.ndarray:
        """Standard error of each score, from the errors of the stability and of the gain.

        Returns
        -------
        ndarray of shape (n_candidates,)
        """
        product = self._agreed * self.gain
        product_error = np.hypot(self.gain * self.stability_error, self._agreed * self.gain_error)
        error: np.ndarray = self.entropy**0.5 * 2 * product * product_error
        return error

    @property
    def _agreed(self) -> np.ndarray:
        agreed: np.ndarray = np.maximum(self.stability, 0)
        return agreed

    @property
    def n_clusters(self) -> int:
        """The smallest number whose score is the highest or at most 1 % below it.

        With more clusters than the data have, some are left empty, and the labeling is the same.

        Returns
        -------
        int
        """
        score = self.score
        return int(self.candidates[score >= (1 - EQUAL_SHARE) * score.max()][0])

    @property
    def peaks(self) -> list[int]:
        """``n_clusters``, then other numbers at peaks of the score, the highest peak first.

        Data may have clusters at several scales: if 30 clusters form 6 groups, there is a peak at
        each number. A peak rises above the valley between it and a higher one by two of its
        standard errors and by 1 % of the highest score.

        Returns
        -------
        list of int
        """
        score = self.score
        # lower than all scores, so that the first and the last can be peaks
        padded = np.pad(score, 1, constant_values=score.min() - 1)
        _, found = find_peaks(padded, prominence=0, plateau_size=1)
        indices = found["left_edges"] - 1
        error = self.score_error[indices]
        high = found["prominences"] > np.maximum(PROMINENCE * error, EQUAL_SHARE * score.max())
        best_first = sorted(indices[high], key=lambda i: -score[i])
        # n_clusters takes the place of the highest peak
        others = [int(self.candidates[i]) for i in best_first if i != score.argmax()]
        return [self.n_clusters, *(k for k in others if k != self.n_clusters)]
