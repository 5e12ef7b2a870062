"""What ``X`` means to an encoder: a sequence of images or of texts, read one by one."""

from collections.abc import Mapping

import numpy as np

from sklearn_turtle.encoders._digests import digest_of


class Items:
    """Images or texts that are read one at a time, each with a digest of its content.

    Parameters
    ----------
    entries : sequence
        What the user passed, one entry a sample.
    """

    kind = "item"

    def __init__(self, entries):
        self.entries = entries

    def __len__(self):
        return len(self.entries)

    def name(self, index):
        """What messages call an item."""
        return f"{self.kind} {index}"

    def read(self, index):
        """Read an item.

        Returns
        -------
        digest : bytes
            Of the content.
        decode : callable
            Makes what the preprocessing of a model takes.

        Raises
        ------
        Exception
            Of whatever kind, if the item cannot be read; as well as ``decode``.
        """
        raise NotImplementedError


class Texts(Items):
    """Texts in memory, or of a dataset."""

    kind = "text"

    def read(self, index):
        text = only_value(self.entries[index], lambda value: isinstance(value, str), "text")
        return digest_of(text.encode("utf-8", "surrogatepass")), lambda: text


def read_texts(X):
    """The texts in ``X``."""
    if isinstance(X, (str, bytes)):
        raise ValueError(
            "Iterable over raw text documents expected, string object received: pass [text]."
        )
    return Texts(as_sequence(X))


def as_sequence(X):
    """Entries of a list, an array, a column or a dataset, one a sample.

    Returns
    -------
    sequence
        Has a length and positions from 0; entries of a dataset are read when they are asked for.
    """
    if hasattr(X, "iloc") or type(X).__module__.startswith("polars"):
        if hasattr(X, "columns"):
            X = _only_column(X)
        return X.to_list()
    if isinstance(X, np.ndarray):
        return X.ravel().tolist() if X.ndim == 2 and X.shape[1] == 1 else X
    if isinstance(X, Mapping) or not (hasattr(X, "__len__") and hasattr(X, "__getitem__")):
        raise TypeError(
            f"X is of type {type(X).__name__}: pass a list, an array, a column of a DataFrame, or "
            "a dataset that has a length and positions."
        )
    return X


def _only_column(frame):
    names = list(frame.columns)
    if len(names) != 1:
        raise ValueError(
            f"X is a DataFrame of {len(names)} columns ({names[:5]}), but an encoder takes one: "
            "pass X[column], or put the encoder into a ColumnTransformer."
        )
    return frame[names[0]]


def only_value(entry, is_wanted, kind):
    """The image or text of an entry of a dataset, which may hold a label too.

    Parameters
    ----------
    entry : object
        The image or text itself, a tuple of it and a label, or a dict of which one value is it.
    is_wanted : callable
        Tells whether a value is an image or text.
    kind : str
        What is looked for, for messages.

    Returns
    -------
    object
    """
    if entry is None or (isinstance(entry, float) and np.isnan(entry)):
        raise ValueError(f"the {kind} is missing")
    if isinstance(entry, Mapping):
        found = [name for name, value in entry.items() if is_wanted(value)]
        if len(found) != 1:
            raise ValueError(
                f"of {list(entry)}, exactly one must be the {kind}, but {found} are; pass "
                f"dataset[column]"
            )
        return entry[found[0]]
    if isinstance(entry, tuple) and len(entry) > 0 and is_wanted(entry[0]):
        return entry[0]
    if not is_wanted(entry):
        raise TypeError(f"{type(entry).__name__} is no {kind}")
    return entry
