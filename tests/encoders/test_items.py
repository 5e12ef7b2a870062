"""Containers of samples; the entries are texts, which every container can hold."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow
import pytest

from sklearn_turtle.encoders._items import as_sequence, select_value

TEXTS = ["one", "two", "drei ü"]


def is_text(value):
    return isinstance(value, str)


@pytest.mark.parametrize(
    "X",
    [
        TEXTS,
        tuple(TEXTS),
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        np.array(TEXTS, dtype=object)[:, None],
        pd.Series(TEXTS, index=[7, 7, 0]),
        pd.Series(TEXTS, dtype="category"),
        pd.DataFrame({"text": TEXTS}),
        pl.Series(TEXTS),
        pl.DataFrame({"text": TEXTS}),
        pyarrow.array(TEXTS),
        pyarrow.chunked_array([TEXTS[:1], TEXTS[1:]]),
    ],
    ids=lambda X: type(X).__module__ + "." + type(X).__name__,
)
def test_containers(X):
    sequence = as_sequence(X)
    assert [sequence[index] for index in range(len(sequence))] == TEXTS


def test_lazy_frame():
    with pytest.raises(TypeError, match=r"polars LazyFrame: pass X\.collect\(\)"):
        as_sequence(pl.LazyFrame({"text": TEXTS}))


def test_frame_with_several_columns():
    with pytest.raises(ValueError, match=r"2 columns .*Pass X\[column\]"):
        as_sequence(pd.DataFrame({"a": TEXTS, "b": TEXTS}))


@pytest.mark.parametrize("X", [{"text": TEXTS}, iter(TEXTS), 3])
def test_not_a_collection(X):
    with pytest.raises(TypeError, match=type(X).__name__):
        as_sequence(X)


@pytest.mark.parametrize("entry", ["one", ("one", 3), {"label": 3, "text": "one"}])
def test_value_of_an_entry(entry):
    assert select_value(entry, is_text, "text") == "one"


def test_dict_with_several_texts():
    with pytest.raises(ValueError, match="exactly one text"):
        select_value({"title": "a", "body": "b"}, is_text, "text")


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (None, ValueError),
        (np.nan, ValueError),
        ({"label": 3}, ValueError),
        (3.0, TypeError),
        ((3,), TypeError),
        ((), TypeError),
    ],
)
def test_entry_without_text(entry, error):
    with pytest.raises(error, match="text"):
        select_value(entry, is_text, "text")
