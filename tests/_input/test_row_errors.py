import numpy as np
import pandas as pd
import pytest

from sklearn_turtle._input._row_errors import is_missing, place, row_error, several_columns


def test_places():
    assert place("X", "v") == "X, column 'v'"
    assert place("Space 'a'", None) == place("Space 'a'", "") == "Space 'a'"
    assert str(row_error("X", "v", 3, "no.")) == "X, column 'v', row 3: no."


def test_long_lists_of_columns_are_cut():
    message = str(several_columns("X", range(12), [3]))
    assert "columns 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ..., and column 3 holds" in message


@pytest.mark.parametrize("value", [None, np.nan, np.float64("nan"), pd.NA, pd.NaT])
def test_missing_values(value):
    assert is_missing(value)


@pytest.mark.parametrize("value", [0, 1.0, "", "NA", [], np.array([np.nan])])
def test_other_values(value):
    assert not is_missing(value)
