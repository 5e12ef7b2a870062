import pyarrow
import pytest

from sklearn_turtle._io._arrow_types import is_list_type, stored_type

NUMBER = pyarrow.float32()


@pytest.mark.parametrize(
    "arrow_type",
    [
        pyarrow.list_(NUMBER),
        pyarrow.large_list(NUMBER),
        pyarrow.list_(NUMBER, 3),
        pyarrow.list_view(NUMBER),
        pyarrow.fixed_shape_tensor(NUMBER, [3]),
    ],
)
def test_lists(arrow_type):
    assert is_list_type(arrow_type)


@pytest.mark.parametrize(
    "arrow_type",
    [NUMBER, pyarrow.string(), pyarrow.dictionary(pyarrow.int8(), pyarrow.string())],
)
def test_other_types(arrow_type):
    assert not is_list_type(arrow_type)
    assert stored_type(arrow_type) is arrow_type
