import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._mapped import MappedMatrix
from sklearn_turtle._input.lazy._rows import LazyRows
from tests.support.containers import mapped

X = np.arange(12).reshape(4, 3)


@pytest.mark.parametrize("dtype", ["float16", "float64", "int32", "bool"])
def test_rows_take_the_place_of_a_tensor(dtype, tmp_path):
    x = X.astype(dtype)
    rows, tensor = LazyRows(MappedMatrix(mapped(x, tmp_path))), torch.from_numpy(x)
    assert rows.shape == tuple(tensor.shape)
    assert rows.dtype == tensor.dtype
    assert rows.device == tensor.device
    assert rows.nbytes == tensor.nbytes
    index = torch.tensor([3, 0, 0])
    assert_array_equal(rows.index_select(0, index), tensor.index_select(0, index))
    assert_array_equal(rows[slice(1, 3)], tensor[1:3])
