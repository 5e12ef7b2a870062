"""Stopping once the labeling no longer changes."""

from sklearn_turtle._solver.rows._chunks import spread_rows

CHECK_EVERY = 10  # outer steps
MONITORED_ROWS = 2000


class LabellingMonitor:
    """Watches the labels of some rows, evenly spread over the data.

    Parameters
    ----------
    spaces : list of FeatureSpace
        The spaces.
    tol : float
        Share of the monitored rows of which the labels may change over CHECK_EVERY steps in a
        labeling that counts as settled; 0 for never settled.

    Attributes
    ----------
    labels : tensor of shape (n_rows, R) or None
        Labels of these rows when they were last looked at.
    """

    def __init__(self, spaces, tol):
        self._tol = tol
        self.labels = None
        if tol > 0:
            shard = spaces[0].shard
            rows = spread_rows(shard.n_samples, MONITORED_ROWS)
            self._n_rows, self._processes = len(rows), shard.processes
            self._batches = [space.batch(shard.own(rows)) for space in spaces]

    def settled(self, step, encoder):
        """Whether the labeling has settled in all restarts, asked after outer step ``step``."""
        if self._tol == 0 or step % CHECK_EVERY != 0:
            return False
        probabilities = sum(encoder.probabilities(k, z) for k, z in enumerate(self._batches))
        last, self.labels = self.labels, probabilities.argmax(-1)
        if last is None:
            return False
        changed = self._processes.sum_((self.labels != last).sum(0))
        return bool((changed < self._tol * self._n_rows).all())
