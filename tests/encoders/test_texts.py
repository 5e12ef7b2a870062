import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import TensorDataset

from sklearn_turtle.encoders._texts import read_texts

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


@pytest.mark.parametrize("X", [TEXTS, np.array(TEXTS), pd.Series(TEXTS), Pairs(), Dicts()])
def test_one_text_per_entry(X):
    assert contents(read_texts(X)) == TEXTS


def test_hugging_face_dataset():
    datasets = pytest.importorskip("datasets")
    dataset = datasets.Dataset.from_dict({"label": [0, 1, 0], "text": TEXTS})
    assert contents(read_texts(dataset)) == TEXTS
    assert contents(read_texts(dataset["text"])) == TEXTS


def test_digest_depends_only_on_the_text():
    digests = [read_texts(X).read(0)[0] for X in (["one"], Pairs(), pd.Series(["one"]))]
    assert len(set(digests)) == 1
    assert read_texts(["one "]).read(0)[0] != digests[0]


def test_text_that_is_not_valid_unicode_has_a_digest():
    assert read_texts(["\ud800"]).read(0)[0] != read_texts(["\ud801"]).read(0)[0]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, 3.0, b"bytes", ["a"]])
def test_entry_that_is_not_a_text(missing):
    items = read_texts(["one", missing])
    assert items.name(1) == "text 1"
    with pytest.raises((ValueError, TypeError), match="text"):
        items.read(1)


def test_dataset_without_texts():
    with pytest.raises(TypeError, match="expected one text"):
        read_texts(TensorDataset(torch.zeros(1))).read(0)


def test_single_text():
    with pytest.raises(ValueError, match=r"such as \[text\]"):
        read_texts("one")
