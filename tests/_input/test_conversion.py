import warnings

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._input._conversion import as_tensor, to_numpy

X = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize("view", [np.s_[:], np.s_[::2, 1:]])
def test_tensors_share_the_memory_of_arrays(view):
    array = X.copy()
    tensor = as_tensor(array[view])
    array[2, 2] = -1
    assert_array_equal(tensor.numpy(), array[view])


def test_tensors_are_passed_through():
    tensor = torch.zeros(2, 2)
    assert as_tensor(tensor) is tensor


def test_negative_strides_are_copied():
    assert_array_equal(as_tensor(X[::-1, ::-1]).numpy(), X[::-1, ::-1])


def test_read_only_arrays_do_not_warn():
    array = X.copy()
    array.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tensor = as_tensor(array)
    del array
    assert_array_equal(tensor.numpy(), X)


def test_read_only_maps_do_not_warn(tmp_path):
    np.save(tmp_path / "x.npy", X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tensor = as_tensor(np.load(tmp_path / "x.npy", mmap_mode="r"))
    assert_array_equal(tensor.numpy(), X)


def test_arrays_share_the_memory_of_tensors():
    tensor = torch.from_numpy(X.copy())
    array = to_numpy(tensor)
    tensor[0, 0] = -1
    assert array[0, 0] == -1


def test_bfloat16_becomes_float32():
    array = to_numpy(torch.tensor([[1.5]], dtype=torch.bfloat16))
    assert array.dtype == np.float32
    assert array == 1.5
