"""Which rows a process holds, and what it says where processes differ."""

import pytest
import torch

from sklearn_turtle._solver import ALONE, Processes, Shard


class Told(Processes):
    """A process that is told what the others collect."""

    def __init__(self, rank, values):
        self.rank = rank
        self.values = values

    def collect(self, value):
        return [value if rank == self.rank else of_rank for rank, of_rank in self.values.items()]


def test_rows_are_numbered_over_all_processes():
    shard = Shard(3, Told(1, {0: 2, 1: None, 2: 4}))
    assert shard.n_samples == 9
    rows = torch.tensor([8, 4, 0, 2, 1])
    assert shard.own(rows).tolist() == [2, 0]
    assert shard.own(None) is None
    # without the others, their values stay 0
    gathered = shard.gather(rows, torch.tensor([[7, 7], [5, 5]]))
    assert gathered.tolist() == [[0, 0], [7, 7], [0, 0], [5, 5], [0, 0]]


def test_one_process_holds_all_rows():
    shard = Shard(5)
    rows, values = torch.tensor([4, 0]), torch.tensor([1, 2])
    assert (shard.n_samples, shard.processes) == (5, ALONE)
    assert shard.own(rows) is rows
    assert shard.gather(rows, values) is values


def test_a_difference_is_named():
    ALONE.check_alike({"a": 1})
    processes = Told(0, {0: None, 1: {"a": 1, "b": 2}, 2: {"a": 1, "b": 3}})
    with pytest.raises(ValueError, match="agree on their b: process 0 has 2, process 2 has 3"):
        processes.check_alike({"a": 1, "b": 2})
