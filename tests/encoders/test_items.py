"""What counts as a collection of texts, and what of an entry is the text."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from torch.utils.data import TensorDataset

from sklearn_turtle.encoders._items import read_texts

TEXTS = ["one", "two", "drei ü"]


class Pairs:
    """A dataset of texts and labels."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return TEXTS[index], index


class Dicts(Pairs):
    def __getitem__(self, index):
        return {"label": index, "text": TEXTS[index]}


def contents(items):
    return [items.read(index)[1]() for index in range(len(items))]


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
        Pairs(),
        Dicts(),
    ],
    ids=lambda X: type(X).__module__ + "." + type(X).__name__,
)
def test_one_text_an_entry(X):
    assert contents(read_texts(X)) == TEXTS


def test_hugging_face_dataset():
    datasets = pytest.importorskip("datasets")
    dataset = datasets.Dataset.from_dict({"label": [0, 1, 0], "text": TEXTS})
    assert contents(read_texts(dataset)) == TEXTS
    assert contents(read_texts(dataset["text"])) == TEXTS


def test_digest_is_of_the_text_alone():
    digests = [read_texts(X).read(0)[0] for X in (["one"], Pairs(), pd.Series(["one"]))]
    assert len(set(digests)) == 1
    assert read_texts(["one "]).read(0)[0] != digests[0]


def test_text_that_is_no_unicode_has_a_digest():
    assert read_texts(["\ud800"]).read(0)[0] != read_texts(["\ud801"]).read(0)[0]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, 3.0, b"bytes", ["a"]])
def test_entry_that_is_no_text(missing):
    items = read_texts(["one", missing])
    assert items.name(1) == "text 1"
    with pytest.raises((ValueError, TypeError), match="text"):
        items.read(1)


def test_one_text_is_no_collection():
    with pytest.raises(ValueError, match="pass \\[text\\]"):
        read_texts("one")


def test_frame_of_several_columns():
    with pytest.raises(ValueError, match=r"2 columns .*pass X\[column\]"):
        read_texts(pd.DataFrame({"a": TEXTS, "b": TEXTS}))


@pytest.mark.parametrize("X", [{"text": TEXTS}, iter(TEXTS), 3])
def test_no_collection(X):
    with pytest.raises(TypeError, match=type(X).__name__):
        read_texts(X)


def test_dict_of_several_texts():
    with pytest.raises(ValueError, match="exactly one must be the text"):
        read_texts([{"title": "a", "body": "b"}]).read(0)


def test_dataset_without_text():
    with pytest.raises(TypeError, match="is no text"):
        read_texts(TensorDataset(torch.zeros(1))).read(0)
