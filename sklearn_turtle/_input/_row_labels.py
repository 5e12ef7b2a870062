"""Refuse tables whose indexes say that their rows do not belong together."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any


def check_row_labels(names: Sequence[str], spaces: Iterable[Any]) -> None:
    """Raise ValueError if spaces that carry an index label their rows differently.

    The rows of spaces are paired by position. An index, as pandas DataFrames and Series have it,
    says which rows belong together. Spaces without an index have no say.

    Parameters
    ----------
    names : sequence of str
        Name of each space.
    spaces : iterable of object
        The spaces as passed by the user, with equal numbers of rows.
    """
    indexes = [
        (name, space.index)
        for name, space in zip(names, spaces, strict=True)
        # a list has a method of this name
        if hasattr(getattr(space, "index", None), "equals")
    ]
    for name, index in indexes[1:]:
        first_name, first = indexes[0]
        if not index.equals(first):
            raise ValueError(_difference(first_name, first, name, index))


def _difference(first_name: str, first: Any, second_name: str, second: Any) -> str:
    # the labels up to a row are equal for all rows before the first that differs
    row = bisect_left(
        range(len(first)), True, key=lambda i: not first[: i + 1].equals(second[: i + 1])
    )
    labels = [index[row : row + 1].tolist()[0] for index in (first, second)]
    if not (first.is_unique and second.is_unique):
        found, by_label = "other labels, which are not distinct", "tables with distinct labels"
    elif first.nlevels == second.nlevels and (first.get_indexer(second) >= 0).all():
        found, by_label = "the same labels in another order", "second.loc[first.index]"
    else:
        found = "other labels"
        by_label = (
            "first.loc[common] and second.loc[common], where common is "
            "first.index.intersection(second.index),"
        )
    return (
        f"The rows of spaces {first_name!r} (first) and {second_name!r} (second) do not belong "
        f"together: the index of the second has {found}. The first to differ are {labels[0]!r} and "
        f"{labels[1]!r}, in row {row}. Pass {by_label} to pair the rows by label, or "
        "second.to_numpy() to pair them by position."
    )
