"""Fits over several processes: how they communicate, and which rows each of them holds.

Everything in a fit that depends on all rows is either a sum over rows (statistics, gradients, the
mean labeling of Eq. 12), which is summed over the processes, or a look at some rows spread over the
data (their features, their labels), which are gathered. Each process computes everything else by
itself, with the same result.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, overload

import torch


class Processes:
    """The processes of one fit. This class is a single process.

    Attributes
    ----------
    rank : int
        Number of this process, from 0.
    """

    rank = 0

    def sum_(self, tensor: torch.Tensor) -> torch.Tensor:
        """Replace a tensor by its sum over the processes, and return it."""
        return tensor

    def broadcast_(self, tensor: torch.Tensor) -> torch.Tensor:
        """Replace a tensor by that of the first process, and return it."""
        return tensor

    def collect(self, value: Any) -> list[Any]:
        """The values of all processes by rank; any objects that can be pickled."""
        return [value]

    def any(self, flag: bool) -> bool:
        """Whether the flag is true in any process."""
        return flag

    @contextmanager
    def together(self) -> Iterator[None]:
        """Raise in all processes if one of them raises in the body.

        The body must not communicate.
        """
        yield

    def check_alike(self, values: dict[str, Any]) -> None:
        """Raise ValueError in all processes if the values differ between them.

        Parameters
        ----------
        values : dict
            The values of this process, by name.
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
    """The rows of a fit that one process holds: consecutive rows, ordered by rank.

    Parameters
    ----------
    n_rows : int
        Number of rows in this process.
    processes : Processes
        The processes of the fit.

    Attributes
    ----------
    n_samples : int
        Number of rows in all processes.
    """

    def __init__(self, n_rows: int, processes: Processes = ALONE) -> None:
        counts = processes.collect(n_rows)
        self.processes = processes
        self._alone = len(counts) == 1
        self.n_samples: int = sum(counts)
        self._start: int = sum(counts[: processes.rank])
        self._stop = self._start + n_rows

    @overload
    def own(self, rows: torch.Tensor) -> torch.Tensor: ...

    @overload
    def own(self, rows: None) -> None: ...

    @overload
    def own(self, rows: torch.Tensor | None) -> torch.Tensor | None: ...

    def own(self, rows: torch.Tensor | None) -> torch.Tensor | None:
        """The given rows that this process holds, by its own indices; None stands for all."""
        if rows is None or self._alone:
            return rows
        return rows[self.holds(rows)] - self._start

    def gather(self, rows: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
        """Values of the given rows, (n_rows, ...), from the values that each process has."""
        if self._alone:
            return values
        gathered = values.new_zeros(len(rows), *values.shape[1:])
        gathered[self.holds(rows).to(values.device)] = values
        return self.processes.sum_(gathered)

    def holds(self, rows: torch.Tensor) -> torch.Tensor:
        """Whether this process holds each of the rows."""
        return torch.logical_and(rows >= self._start, rows < self._stop)
