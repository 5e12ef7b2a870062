import numpy as np
import pytest
import torch

from sklearn_turtle._input._shape import check_not_empty, check_two_dimensions


@pytest.mark.parametrize("shape", [(), (5,), (5, 2, 1), torch.Size([5, 2, 1])])
def test_other_dimensions_are_refused(shape):
    with pytest.raises(ValueError, match=f"Expected 2D array, got {len(shape)}D tensor.*: A has"):
        check_two_dimensions(shape, "A", "tensor")


def test_unknown_sizes_count_as_dimensions():
    check_two_dimensions((np.nan, 3), "A")


@pytest.mark.parametrize(("shape", "axis"), [((0, 3), "sample"), ((3, 0), "feature")])
def test_empty_matrices_are_refused(shape, axis):
    with pytest.raises(ValueError, match=rf"0 {axis}\(s\).*: A\."):
        check_not_empty(shape, "A")
    check_not_empty((1, 1), "A")
