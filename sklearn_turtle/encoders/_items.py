"""The samples of ``X``: a sequence of images or texts, read one by one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


class Items(ABC):
    """Images or texts that are read one at a time, each with a digest of its content.

    Parameters
    ----------
    entries : sequence
        What the user passed, one entry per sample.

    Attributes
    ----------
    kind : str
        What an item is called in messages.
    """

    kind: str

    def __init__(self, entries: Any) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    def name(self, index: int) -> str:
        """Name of an item in messages."""
        return f"{self.kind} {index}"

    @abstractmethod
    def read(self, index: int) -> tuple[bytes, Callable[[], Any]]:
        """Read an item.

        Returns
        -------
        digest : bytes
            Digest of the content.
        decode : callable
            Returns the input of the preprocessing of a model.

        Raises
        ------
        Exception
            An error of any type if the item cannot be read. ``decode`` raises in the same way.
        """


def as_sequence(X: Any) -> Any:
    """Convert a list, an array, a column or a dataset to a sequence with one entry per sample.

    Returns
    -------
    sequence
        It has a length and is indexed from 0. Entries of a dataset are read on access.
    """
    if type(X).__name__ == "LazyFrame":
        raise TypeError("X is a polars LazyFrame: pass X.collect().")
    if hasattr(X, "to_pylist") and not hasattr(X, "column_names"):  # an array of Arrow
        return X.to_pylist()
    if hasattr(X, "iloc") or type(X).__module__.startswith("polars"):
        if hasattr(X, "columns"):
            X = _only_column(X)
        return X.to_list()
    if isinstance(X, np.ndarray):
        return X.ravel().tolist() if X.ndim == 2 and X.shape[1] == 1 else X
    if isinstance(X, Mapping) or not (hasattr(X, "__len__") and hasattr(X, "__getitem__")):
        raise TypeError(
            f"X is of type {type(X).__name__}. Pass a list, an array, a column of a DataFrame, or "
            "a dataset with a length and integer indices."
        )
    return X


def _only_column(frame: Any) -> Any:
    names = list(frame.columns)
    if len(names) != 1:
        raise ValueError(
            f"X is a DataFrame with {len(names)} columns ({names[:5]}), but an encoder takes one "
            "column. Pass X[column], or put the encoder into a ColumnTransformer."
        )
    return frame[names[0]]


def select_value(entry: Any, is_wanted: Callable[[Any], bool], kind: str) -> Any:
    """Select the image or text of an entry of a dataset, which may hold a label too.

    Parameters
    ----------
    entry : object
        The image or text itself, a tuple that begins with it, or a dict in which one value is
        an image or text.
    is_wanted : callable
        Returns True for an image or text.
    kind : str
        "image" or "text", for messages.

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
                f"an entry with the keys {list(entry)} must hold exactly one {kind}, but holds "
                f"{len(found)} ({found}); pass dataset[column]"
            )
        return entry[found[0]]
    if isinstance(entry, tuple) and len(entry) > 0 and is_wanted(entry[0]):
        return entry[0]
    if not is_wanted(entry):
        raise TypeError(f"expected one {kind}, got {type(entry).__name__}")
    return entry
