"""Fits over several processes: what they tell each other, and which rows each of them holds.

Everything in a fit that depends on all rows is a sum over rows (statistics, gradients, the mean
labeling of Eq. 12) or a look at some rows spread over the data (their features, their labels). The
first is summed over the processes, the second gathered; all else each process computes by itself,
and all of them get the same.
"""

from contextlib import contextmanager

import torch


class Processes:
    """The processes that make one fit; here one, which has nobody to talk to.

    Attributes
    ----------
    rank : int
        Number of this process, from 0.
    """

    rank = 0

    def sum_(self, tensor):
        """Replace a tensor by its sum over the processes; returns it."""
        return tensor

    def broadcast_(self, tensor):
        """Replace a tensor by that of the first process; returns it."""
        return tensor

    def collect(self, value):
        """The values of all processes, any objects that pickle, by rank."""
        return [value]

    def any(self, flag):
        """Whether the flag is true in some process."""
        return flag

    @contextmanager
    def together(self):
        """Raise in all processes what one of them raises within, which must ask no other."""
        yield

    def check_alike(self, values):
        """Raise ValueError in all processes if one has other values than the first.

        ``values`` is a dict of what to compare, by name.
        """
        everywhere = self.collect(values)
        for rank, of_rank in enumerate(everywhere):
            for name, value in of_rank.items():
                if value != everywhere[0][name]:
                    raise ValueError(
                        f"The processes of a fit must agree on their {name}: process 0 has "
                        f"{everywhere[0][name]}, process {rank} has {value}."
                    )


ALONE = Processes()


class Shard:
    """The rows of a fit that one process holds: rows in succession, by rank.

    Parameters
    ----------
    n_rows : int
        Number of rows that this process holds.
    processes : Processes
        The processes of the fit.

    Attributes
    ----------
    n_samples : int
        Number of rows that all processes hold.
    """

    def __init__(self, n_rows, processes=ALONE):
        counts = processes.collect(n_rows)
        self.processes = processes
        self._alone = len(counts) == 1
        self.n_samples = sum(counts)
        self._start = sum(counts[: processes.rank])
        self._stop = self._start + n_rows

    def own(self, rows):
        """Those of the rows that this process holds, as it counts them; None stands for all."""
        if rows is None or self._alone:
            return rows
        return rows[self.holds(rows)] - self._start

    def gather(self, rows, values):
        """Values of the rows, (n_rows, ...), of those that each process has for its own rows."""
        if self._alone:
            return values
        gathered = values.new_zeros(len(rows), *values.shape[1:])
        gathered[self.holds(rows).to(values.device)] = values
        return self.processes.sum_(gathered)

    def holds(self, rows):
        """Whether this process holds each of the rows."""
        return torch.logical_and(rows >= self._start, rows < self._stop)
