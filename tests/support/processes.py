"""One of several processes, without the others."""

from sklearn_turtle._solver import Processes


class OneOfSeveral(Processes):
    """A process that collects given values from the others.

    Parameters
    ----------
    rank : int
        Number of this process.
    values : dict
        Value of each process by rank; that of this process is ignored.
    """

    def __init__(self, rank, values):
        self.rank = rank
        self.values = values

    def collect(self, value):
        return [value if rank == self.rank else other for rank, other in self.values.items()]
