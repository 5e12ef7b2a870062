"""Arrow data and datasets of Hugging Face as Arrow tables."""

import numpy as np
import pyarrow
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input._matrix import check_matrix
from sklearn_turtle._input._tables import as_table, is_column_of_lists, table_of_column

X = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_batches_and_arrays():
    lists = pyarrow.array(list(X))
    assert as_table(pyarrow.record_batch({"v": lists}), "X").column_names == ["v"]
    assert as_table(lists, "X").column(0).to_pylist() == X.tolist()
    assert table_of_column(lists, "w").column_names == ["w"]


@pytest.mark.parametrize("other", [X, pyarrow.table({"v": list(X)}), None, "text"])
def test_other_objects(other):
    assert as_table(other, "X") is None
    assert not is_column_of_lists(other)


def test_arrays_of_numbers_have_one_dimension():
    assert not is_column_of_lists(pyarrow.array([1.0]))
    with pytest.raises(ValueError, match=r"got 1D array instead: Space 'a' has shape \(2,\)"):
        as_table(pyarrow.array([1.0, 2.0]), "Space 'a'")


class TestDatasets:
    @pytest.fixture
    def dataset(self):
        datasets = pytest.importorskip("datasets")
        values = datasets.List(datasets.Value("float32"))
        features = datasets.Features({"id": datasets.Value("int64"), "v": values})
        return datasets.Dataset.from_dict({"id": range(4), "v": X.tolist()}, features=features)

    def test_columns(self, dataset):
        assert is_column_of_lists(dataset["v"])
        assert not is_column_of_lists(dataset["id"])
        matrix = check_matrix(dataset["v"], "x")
        assert matrix.dtype == np.float32
        assert_array_equal(np.asarray(matrix), X)
        assert_array_equal(np.asarray(check_matrix(dataset["v"][:], "x")), X)

    def test_the_order_of_the_rows(self, dataset):
        chosen = dataset.select([2, 0, 3])
        assert_array_equal(np.asarray(check_matrix(chosen["v"], "x")), X[[2, 0, 3]])
        assert_array_equal(np.asarray(check_matrix(chosen.select_columns("v"), "x")), X[[2, 0, 3]])

    def test_other_columns(self, dataset):
        with pytest.raises(ValueError, match=r"^X has the columns 'id', 'v', and column 'v' holds"):
            check_matrix(dataset, None)
        with pytest.raises(ValueError, match="got 1D array"):
            check_matrix(dataset["id"], "x")
