"""The rows that candidates are fitted to and scored on."""

import numpy as np
import pytest
from sklearn.model_selection import KFold

from sklearn_turtle.model_selection._splits import split_rows


@pytest.mark.parametrize(("n_samples", "n_scored"), [(300, 300), (5000, 2000), (20_000, 4000)])
def test_some_rows_are_scored_without_cross_validation(n_samples, n_scored):
    X, y = np.arange(n_samples)[:, None], np.arange(n_samples)
    ((fitted, scored, y_scored),) = split_rows(X, y, None)
    assert fitted is X
    assert len(np.unique(y_scored)) == len(y_scored) == n_scored
    np.testing.assert_array_equal(scored[:, 0], y_scored)


def test_the_same_rows_of_all_spaces_are_scored():
    a, b = np.arange(3000)[:, None], np.arange(3000)[:, None] + 0.5
    ((_, of_list, no_y),) = split_rows([a, b], None, None)
    ((_, of_dict, _),) = split_rows({"a": a, "b": b}, None, None)
    assert no_y is None
    assert len(of_list[0]) == 2000
    np.testing.assert_array_equal(of_list[0] + 0.5, of_list[1])
    assert list(of_dict) == ["a", "b"]
    np.testing.assert_array_equal(of_dict["b"], of_list[1])


def test_cross_validation_splits_rows():
    X, y = np.arange(10)[:, None], np.arange(10)
    splits = split_rows(X, y, KFold(5))
    assert len(splits) == 5
    for fitted, scored, y_scored in splits:
        assert sorted([*fitted[:, 0], *scored[:, 0]]) == list(range(10))
        np.testing.assert_array_equal(scored[:, 0], y_scored)


def test_cross_validation_needs_one_matrix():
    with pytest.raises(ValueError, match="stack_spaces"):
        split_rows([np.eye(4), np.eye(4)], None, 2)
