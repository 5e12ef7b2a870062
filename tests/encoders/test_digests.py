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


class AllKindsOfState(torch.nn.Module):
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


def test_equal_modules_have_equal_descriptions():
    assert describe_module(TinyImageModel()) == describe_module(TinyImageModel())
    assert describe_module(AllKindsOfState()) == describe_module(AllKindsOfState())


def test_description_depends_on_each_weight():
    changed = TinyImageModel()
    with torch.no_grad():
        changed.weight[191, 4] += 1e-6
    assert describe_module(changed)["weights"] != describe_module(TinyImageModel())["weights"]


@pytest.mark.parametrize("name", ["count", "mask", "low", "strided", "note"])
def test_description_depends_on_all_state(name):
    changed = AllKindsOfState()
    if name == "note":
        changed.note = "b"
    else:
        getattr(changed, name).copy_(1 - getattr(changed, name).float())
    assert describe_module(changed) != describe_module(AllKindsOfState())


def test_description_depends_on_architecture():
    linear = torch.nn.Linear(2, 2)
    relu = describe_module(torch.nn.Sequential(linear, torch.nn.ReLU()))
    gelu = describe_module(torch.nn.Sequential(linear, torch.nn.GELU()))
    assert relu["weights"] == gelu["weights"]
    assert relu["architecture"] != gelu["architecture"]


def test_description_depends_on_code():
    class Pool(torch.nn.Module):
        def forward(self, x):
            return x.mean(1)

    first = describe_module(Pool())

    class Pool(torch.nn.Module):  # redefined, as in a notebook
        def forward(self, x):
            return x.amax(1)

    assert describe_module(Pool()) != first


def test_function_is_described_by_its_outputs():
    examples = [np.arange(3.0), np.ones(2)]

    def double(x):
        return 2 * x

    assert describe_outputs(double, examples) == describe_outputs(lambda x: x + x, examples)
    assert describe_outputs(double, examples) != describe_outputs(lambda x: 2 * x + 1e-9, examples)
    assert describe_outputs(lambda x: {"ids": x}, examples) != describe_outputs(
        lambda x: {"mask": x}, examples
    )


def test_package_is_described_by_its_version():
    assert describe_package("numpy", name="a") == {
        "package": "numpy",
        "version": np.__version__,
        "name": "a",
    }


def test_folder_is_described_by_names_and_contents_of_files(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "weights").write_bytes(b"12")
    first = describe_folder(tmp_path, "numpy")
    assert describe_folder(str(tmp_path), "numpy") == first
    (tmp_path / "sub" / "weights").write_bytes(b"13")
    second = describe_folder(tmp_path, "numpy")
    (tmp_path / "sub" / "weights").rename(tmp_path / "weights")
    third = describe_folder(tmp_path, "numpy")
    assert len({str(description) for description in (first, second, third)}) == 3
