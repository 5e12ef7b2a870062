import pytest
import torch

from sklearn_turtle._solver import ALONE, Shard
from tests.support.processes import OneOfSeveral


def test_rows_are_numbered_over_all_processes():
    shard = Shard(3, OneOfSeveral(1, {0: 2, 1: None, 2: 4}))
    assert shard.n_samples == 9
    rows = torch.tensor([8, 4, 0, 2, 1])
    assert shard.holds(rows).tolist() == [False, True, False, True, False]
    assert shard.own(rows).tolist() == [2, 0]
    assert shard.own(None) is None
    # the values of the other processes are not summed here and stay 0
    gathered = shard.gather(rows, torch.tensor([[7, 7], [5, 5]]))
    assert gathered.tolist() == [[0, 0], [7, 7], [0, 0], [5, 5], [0, 0]]


def test_one_process_holds_all_rows():
    shard = Shard(5)
    rows, values = torch.tensor([4, 0]), torch.tensor([1, 2])
    assert (shard.n_samples, shard.processes) == (5, ALONE)
    assert torch.equal(shard.own(rows), rows)
    assert torch.equal(shard.gather(rows, values), values)
    assert shard.holds(rows).all()


def test_errors_name_what_differs():
    ALONE.check_alike({"a": 1})
    processes = OneOfSeveral(0, {0: None, 1: {"a": 1, "b": 2}, 2: {"a": 1, "b": 3}})
    with pytest.raises(ValueError, match="agree on their b: process 0 has 2, process 2 has 3"):
        processes.check_alike({"a": 1, "b": 2})


def test_a_single_process_has_nothing_to_exchange():
    tensor = torch.tensor([1.0, 2.0])
    assert ALONE.sum_(tensor).tolist() == [1, 2]
    assert ALONE.broadcast_(tensor).tolist() == [1, 2]
    assert ALONE.collect("a") == ["a"]
    assert [ALONE.any(flag) for flag in (True, False)] == [True, False]
    with pytest.raises(OSError, match="disk"), ALONE.together():
        raise OSError("disk")
