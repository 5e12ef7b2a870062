"""How reliable clusters are for each number of them."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

# Scores that differ by no more than this share of the highest are taken for equal.
EQUAL_SHARE = 0.01
# By so many standard errors a peak has to rise above what lies around it.
PROMINENCE = 2


def room_for_gain(null_accuracy):
    """Share of errors on data without clusters; not 0, since one divides by it."""
    return np.maximum(1 - null_accuracy, np.finfo(float).eps)


@dataclass(frozen=True)
class NClustersSelection:
    """How reliable clusters are for each number of them, and the number that speaks for.

    Parameters
    ----------
    candidates : ndarray of shape (n_candidates,)
        Numbers of clusters that were tried, in increasing order.
    stability : ndarray of shape (n_candidates,)
        Mean adjusted Rand index of two labelings, each of which saw one half of the data.
    stability_error : ndarray of shape (n_candidates,)
        Its standard error over the splits of the data into halves.
    entropy : ndarray of shape (n_candidates,)
        Entropy of the labelings in nats: ``-sum(p * log(p))``, where p are the shares of the
        clusters. That of C clusters of equal size is log C.
    accuracy : ndarray of shape (n_candidates,)
        Accuracy of linear classifiers that predict the labels, each row by a classifier of all
        others.
    null_accuracy : ndarray of shape (n_candidates,)
        The same on data without clusters: normally distributed, with the same covariances.
    gain_error : ndarray of shape (n_candidates,)
        Standard error of the gain over labelings, those of the data and those without clusters.

    See Also
    --------
    select_n_clusters : Makes it.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn_turtle.model_selection import select_n_clusters
    >>> X, y = make_blobs(300, n_features=20, centers=5, random_state=0)
    >>> selection = select_n_clusters(X, [3, 5, 8], random_state=0)
    >>> selection.candidates
    array([3, 5, 8])
    >>> selection.n_clusters, selection.peaks
    (5, [5])
    """

    candidates: np.ndarray
    stability: np.ndarray
    stability_error: np.ndarray
    entropy: np.ndarray
    accuracy: np.ndarray
    null_accuracy: np.ndarray
    gain_error: np.ndarray

    @property
    def gain(self):
        """Share of the errors on data without clusters that is not made on the data.

        ``(accuracy - null_accuracy) / (1 - null_accuracy)``, or 0 where as many errors are made.

        Returns
        -------
        ndarray of shape (n_candidates,)
        """
        gained = self.accuracy - self.null_accuracy
        return np.clip(gained / room_for_gain(self.null_accuracy), 0, 1)

    @property
    def score(self):
        """Score of each number: ``entropy ** 0.5 * (stability * gain) ** 2``.

        Few clusters are easily reliable, but say less; and that they are reliable counts for more
        than what they say. A stability below 0 counts as 0. Where all scores are near 0, there is
        no sign of clusters.

        Returns
        -------
        ndarray of shape (n_candidates,)
        """
        return self.entropy**0.5 * (self._agreed * self.gain) ** 2

    @property
    def score_error(self):
        """Standard error of each score, from those of the stability and of the gain.

        Returns
        -------
        ndarray of shape (n_candidates,)
        """
        reliable = self._agreed * self.gain
        error = np.hypot(self.gain * self.stability_error, self._agreed * self.gain_error)
        return self.entropy**0.5 * 2 * reliable * error

    @property
    def _agreed(self):
        return np.maximum(self.stability, 0)

    @property
    def n_clusters(self):
        """The smallest number whose score is the highest, or at most 1 % below.

        Of more clusters than the data have, some are left empty, and the labeling is the same.

        Returns
        -------
        int
        """
        score = self.score
        return int(self.candidates[score >= (1 - EQUAL_SHARE) * score.max()][0])

    @property
    def peaks(self):
        """``n_clusters``, and other numbers whose scores are higher than those around them.

        The best of the others comes first. Data may be divided coarsely and finely: 6 groups of 30
        clusters have a peak at both. A peak rises by two of its standard errors, and by 1 % of the
        highest score, from the valley between it and a higher one.

        Returns
        -------
        list of int
        """
        score = self.score
        # below all, so that the first and the last may be peaks
        padded = np.pad(score, 1, constant_values=score.min() - 1)
        _, found = find_peaks(padded, prominence=0, plateau_size=1)
        indices = found["left_edges"] - 1
        error = self.score_error[indices]
        high = found["prominences"] > np.maximum(PROMINENCE * error, EQUAL_SHARE * score.max())
        best_first = sorted(indices[high], key=lambda i: -score[i])
        # n_clusters stands for the highest
        others = [int(self.candidates[i]) for i in best_first if i != score.argmax()]
        return [self.n_clusters, *(k for k in others if k != self.n_clusters)]
