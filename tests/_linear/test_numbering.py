import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input._spaces import spaces_of_collection
from sklearn_turtle._linear._model import FittedLinearModel
from sklearn_turtle._linear._numbering import number_by_size, order_by_size
from sklearn_turtle._linear._prediction import predict_labels
from sklearn_turtle._solver import Processes


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([1, 2, 3], [2, 1, 0]), ([3, 2, 1], [0, 1, 2]), ([2, 0, 2, 5], [3, 0, 2, 1])],
)
def test_large_clusters_come_first(sizes, expected):
    clusters = np.repeat(np.arange(len(sizes)), sizes)

    def predict(order):
        return np.argsort(order)[clusters]

    labels, order = order_by_size(predict, len(sizes))
    assert_array_equal(order, expected)
    assert_array_equal(np.bincount(labels), np.sort(sizes)[::-1][: labels.max() + 1])


def test_sizes_are_counted_over_all_processes():
    class OtherProcess(Processes):
        """Another process has five rows of the second cluster."""

        def sum_(self, tensor):
            tensor[np.flatnonzero(self.order == 1)[0]] += 5
            return tensor

    other = OtherProcess()

    def predict(order):
        other.order = order
        return np.argsort(order)[[0, 0, 0, 1]]

    labels, order = order_by_size(predict, 2, other)
    assert_array_equal(order, [1, 0])
    assert_array_equal(labels, [1, 1, 1, 0])


def test_ties_that_move_rows_are_settled():
    # rows 0 and 1 belong to both clusters 1 and 2: the lower number wins
    def predict(order):
        number = np.argsort(order)
        tied = min(number[1], number[2])
        return np.array([tied, tied, number[2], number[2], number[0], number[0], number[0]])

    labels, _ = order_by_size(predict, 3)
    sizes = np.bincount(labels, minlength=3)
    assert (np.diff(sizes) <= 0).all()


def test_an_order_that_never_settles_ends():
    def predict(order):
        return np.array([1, 1, 0])

    labels, order = order_by_size(predict, 2)
    assert_array_equal(labels, [1, 1, 0])
    assert sorted(order) == [0, 1]


def test_a_model_gets_new_numbers():
    x = np.repeat([[1.0, 0.0], [0.0, 1.0]], [3, 7], axis=0)
    spaces = spaces_of_collection([x])
    model = FittedLinearModel([np.eye(2)], [np.zeros(2)], temperature=2.0)
    labels, numbered = number_by_size(model, spaces)
    assert_array_equal(labels, [1] * 3 + [0] * 7)
    assert_array_equal(numbered.coef[0], np.eye(2)[::-1])
    assert numbered.temperature == 2.0
    assert_array_equal(predict_labels(numbered, spaces), labels)
