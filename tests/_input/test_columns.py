import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from sklearn_turtle._input._columns import parse_columns, slices_of_widths

NAMES = ["a__0", "b__0", "a__1", "c__x__y"]


def test_one_space_by_default():
    assert parse_columns(None, 4) == (["space0"], [slice(0, 4)])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_widths_partition_the_columns(widths):
    names, columns = parse_columns(widths, sum(widths))
    assert [cols.stop - cols.start for cols in columns] == widths
    all_columns = np.concatenate([np.arange(sum(widths))[cols] for cols in columns])
    assert_array_equal(all_columns, np.arange(sum(widths)))
    assert len(set(names)) == len(widths)


def test_widths_in_an_array():
    assert parse_columns(np.array([1, 3]), 4)[1] == [slice(0, 1), slice(1, 4)]


def test_slices_of_widths():
    assert slices_of_widths([2, 1]) == [slice(0, 2), slice(2, 3)]


def test_prefixes_of_column_names():
    names, columns = parse_columns("prefix", 4, NAMES)
    assert names == ["a", "b", "c"]
    assert_array_equal(columns[0], [0, 2])
    assert columns[1:] == [slice(1, 2), slice(3, 4)]


def test_column_names_and_slices():
    spaces = {"p": ["b__0"], "q": slice(0, 4, 1), "r": "a__1"}
    assert parse_columns(spaces, 4, NAMES) == (
        ["p", "q", "r"],
        [slice(1, 2), slice(0, 4), slice(2, 3)],
    )


def test_positions():
    assert_array_equal(parse_columns([[-1, 0], [1]], 4)[1][0], [3, 0])
    assert parse_columns({"p": 2}, 4) == (["p"], [slice(2, 3)])


@pytest.mark.parametrize(
    ("spaces", "message"),
    [
        ([6, 5], "add up to 11, but X has 4"),
        ([4, 0], "at least 1"),
        ([], "is empty"),
        ({}, "is empty"),
        ("suffix", "the only string is 'prefix'"),
        ("prefix", "'p' has no '__'"),
        ({"a": [0, 4]}, "'a' in spaces selects column 4, but X has 4"),
        ({"a": [-5]}, "'a' in spaces selects column -5"),
        ({"a": []}, "'a' in spaces selects no column"),
        ([slice(20, 30)], "selects no column"),
        ([slice("a", "b")], "integer bounds"),
        ([[0.5, 1.5]], "positions or column names"),
        ([["p", 1]], "positions or column names"),
        ({"a": ["r"]}, r"does not have: \['r'\]"),
    ],
)
def test_malformed_spaces(spaces, message):
    with pytest.raises(ValueError, match=message):
        parse_columns(spaces, 4, ["p", "q", "p__0", "q__0"])


@pytest.mark.parametrize(
    ("spaces", "message"),
    [("prefix", "needs a DataFrame"), ({"a": ["f1"]}, "column names, but X has none")],
)
def test_names_of_columns_without_names(spaces, message):
    with pytest.raises(ValueError, match=message):
        parse_columns(spaces, 4)
