"""What tells models apart."""

import numpy as np
import pytest
import torch

from sklearn_turtle.encoders._digests import (
    describe_folder,
    describe_module,
    describe_outputs,
    describe_package,
)
from tests.support.tiny_models import TinyImageModel


class Buffers(torch.nn.Module):
    """State of every kind."""

    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.tensor(3))
        self.register_buffer("mask", torch.tensor([True, False]))
        self.register_buffer("low", torch.tensor([1.0, 2.0], dtype=torch.bfloat16))
        self.register_buffer("empty", torch.empty(0))
        self.register_buffer("strided", torch.arange(12.0).reshape(3, 4).T)
        self.note = "a"

    def get_extra_state(self):
        return self.note

    def set_extra_state(self, state):
        self.note = state


def test_same_model_same_description():
    assert describe_module(TinyImageModel()) == describe_module(TinyImageModel())
    assert describe_module(Buffers()) == describe_module(Buffers())


def test_any_weight_counts():
    described = [describe_module(TinyImageModel())]
    changed = TinyImageModel()
    with torch.no_grad():
        changed.weight[191, 4] += 1e-6
    described.append(describe_module(changed))
    assert described[0]["weights"] != described[1]["weights"]


@pytest.mark.parametrize("name", ["count", "mask", "low", "strided", "note"])
def test_all_state_counts(name):
    changed = Buffers()
    if name == "note":
        changed.note = "b"
    else:
        getattr(changed, name).copy_(1 - getattr(changed, name).float())
    assert describe_module(changed) != describe_module(Buffers())


def test_architecture_counts():
    linear = torch.nn.Linear(2, 2)
    one = describe_module(torch.nn.Sequential(linear, torch.nn.ReLU()))
    other = describe_module(torch.nn.Sequential(linear, torch.nn.GELU()))
    assert one["weights"] == other["weights"]
    assert one["architecture"] != other["architecture"]


def test_code_counts():
    class First(torch.nn.Module):
        def forward(self, x):
            return x.mean(1)

    first = describe_module(First())

    class First(torch.nn.Module):  # as a notebook defines it again
        def forward(self, x):
            return x.amax(1)

    assert describe_module(First()) != first


def test_outputs():
    examples = [np.arange(3.0), np.ones(2)]

    def double(x):
        return 2 * x

    assert describe_outputs(double, examples) == describe_outputs(lambda x: x + x, examples)
    assert describe_outputs(double, examples) != describe_outputs(lambda x: 2 * x + 1e-9, examples)
    assert describe_outputs(lambda x: {"ids": x}, examples) != describe_outputs(
        lambda x: {"mask": x}, examples
    )


def test_package():
    assert describe_package("numpy", name="a") == {
        "package": "numpy",
        "version": np.__version__,
        "name": "a",
    }


def test_folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "weights").write_bytes(b"12")
    first = describe_folder(tmp_path, "numpy")
    assert describe_folder(str(tmp_path), "numpy") == first
    (tmp_path / "sub" / "weights").write_bytes(b"13")
    second = describe_folder(tmp_path, "numpy")
    (tmp_path / "sub" / "weights").rename(tmp_path / "weights")
    third = describe_folder(tmp_path, "numpy")
    assert len({str(described) for described in (first, second, third)}) == 3
