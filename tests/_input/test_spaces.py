"""Stacking spaces, and telling collections of spaces from matrices."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sklearn_turtle import stack_spaces
from sklearn_turtle._input._columns import parse_columns
from sklearn_turtle._input._spaces import is_collection_of_spaces


def test_stacks_columns_side_by_side():
    A, B = np.zeros((4, 2), np.float16), np.ones((4, 3), np.float16)
    X, widths = stack_spaces({"a": A, "b": B})
    np.testing.assert_array_equal(X, np.hstack([A, B]))
    assert X.dtype == np.float16
    assert widths == [2, 3]


def test_stacks_tensors_and_mixtures():
    A = torch.zeros(4, 2, dtype=torch.bfloat16)
    X, widths = stack_spaces([A, A])
    assert isinstance(X, torch.Tensor)
    assert X.shape == (4, 4)
    X, widths = stack_spaces([A, np.ones((4, 1)), pd.DataFrame({"c": np.arange(4)})])
    assert isinstance(X, np.ndarray)
    assert widths == [2, 1, 1]


@pytest.mark.parametrize("X", [np.zeros((4, 2)), [[1.0, 2.0], [3.0, 4.0]], "ab", 3])
def test_refuses_what_is_not_a_collection(X):
    with pytest.raises(ValueError, match="one a space; got"):
        stack_spaces(X)


@pytest.mark.parametrize(
    ("X", "expected"),
    [
        (np.zeros((4, 2)), False),
        ([[1.0, 2.0], [3.0, 4.0]], False),
        ([np.zeros(3), np.zeros(3)], False),
        ([], False),
        ("text", False),
        ([np.zeros((4, 2))], True),
        ((np.zeros((4, 2)), np.zeros(4)), True),
        ([[[1.0], [2.0]], [[3.0], [4.0]]], True),
        ({}, True),
        ([torch.zeros(3, 2)], True),
        ([pd.DataFrame({"a": [1]})], True),
    ],
)
def test_tells_collections_from_matrices(X, expected):
    assert is_collection_of_spaces(X) is expected


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_widths_partition_the_columns(widths):
    names, columns = parse_columns(widths, sum(widths))
    assert [cols.stop - cols.start for cols in columns] == widths
    assert np.concatenate([np.arange(sum(widths))[cols] for cols in columns]).tolist() == list(
        range(sum(widths))
    )
    assert len(set(names)) == len(widths)


def test_columns_by_any_selection():
    names = ["a__0", "b__0", "a__1", "c__x__y"]
    assert parse_columns("prefix", 4, names)[0] == ["a", "b", "c"]
    np.testing.assert_array_equal(parse_columns("prefix", 4, names)[1][0], [0, 2])
    assert parse_columns({"p": ["b__0"], "q": slice(0, 4, 1)}, 4, names) == (
        ["p", "q"],
        [slice(1, 2), slice(0, 4)],
    )
    np.testing.assert_array_equal(parse_columns([[-1, 0], [1]], 4)[1][0], [3, 0])
    assert parse_columns({"p": 2}, 4) == (["p"], [slice(2, 3)])
    assert parse_columns(np.array([1, 3]), 4)[1] == [slice(0, 1), slice(1, 4)]
