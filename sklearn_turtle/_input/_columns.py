"""Find out which columns of one matrix belong to which space."""

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np

# Columns of one space: a slice if they are consecutive, so that the space is a view of the matrix.
Columns: TypeAlias = slice | np.ndarray


def parse_columns(
    spaces: Any, n_features: int, feature_names: Sequence[str] | np.ndarray | None = None
) -> tuple[list[str], list[Columns]]:
    """Find out which columns of a 2-D ``X`` belong to which space.

    Parameters
    ----------
    spaces : None, "prefix", list or dict
        The parameter ``spaces`` of :class:`TurtleClustering`.
    n_features : int
        Number of columns of ``X``.
    feature_names : sequence of str or None, default=None
        Column names of ``X``.

    Returns
    -------
    names : list of str
        Name of each space.
    columns : list of (slice or ndarray of int)
        Columns of each space.

    Raises
    ------
    ValueError
        If ``spaces`` is malformed or does not match the columns of ``X``.
    """
    if spaces is None:
        return ["space0"], [slice(0, n_features)]
    if isinstance(spaces, str):
        return _parse_prefixes(spaces, feature_names)
    if isinstance(spaces, Mapping):
        names, selections = [str(name) for name in spaces], list(spaces.values())
    else:
        selections = list(spaces)
        names = [f"space{k}" for k in range(len(selections))]
    if len(selections) == 0:
        raise ValueError(f"spaces={spaces!r} is empty: pass at least one space.")
    are_integers = all(isinstance(selection, Integral) for selection in selections)
    if are_integers and not isinstance(spaces, Mapping):
        return names, _parse_widths(selections, n_features)
    columns = [
        _parse_selection(name, selection, n_features, feature_names)
        for name, selection in zip(names, selections, strict=True)
    ]
    return names, columns


def slices_of_widths(widths: Sequence[int]) -> list[Columns]:
    """Columns of spaces of these widths that lie side by side."""
    ends = np.cumsum(widths).tolist()
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _parse_prefixes(
    spaces: str, feature_names: Sequence[str] | np.ndarray | None
) -> tuple[list[str], list[Columns]]:
    if spaces != "prefix":
        raise ValueError(
            f"unknown spaces={spaces!r}: the only string is 'prefix', which groups the columns of "
            "a DataFrame by the part of their names before '__'."
        )
    if feature_names is None:
        raise ValueError(
            "spaces='prefix' needs a DataFrame whose column names are strings; X has no column "
            "names. Pass the widths of the spaces instead, or make the previous steps output "
            "DataFrames with set_output(transform='pandas')."
        )
    groups: dict[str, list[int]] = {}
    for index, feature_name in enumerate(feature_names):
        prefix, separator, _ = feature_name.partition("__")
        if not separator:
            raise ValueError(
                f"spaces='prefix' needs column names such as 'clip__0'; column {feature_name!r} "
                "has no '__'."
            )
        groups.setdefault(prefix, []).append(index)
    return list(groups), [_as_slice(np.array(indices)) for indices in groups.values()]


def _parse_widths(widths: list[int], n_features: int) -> list[Columns]:
    if min(widths) < 1:
        raise ValueError(f"The widths in spaces={widths} must be at least 1.")
    if sum(widths) != n_features:
        raise ValueError(
            f"The widths in spaces={widths} add up to {sum(widths)}, but X has {n_features} "
            "features. Pass the widths that stack_spaces returned with this X."
        )
    return slices_of_widths(widths)


def _parse_selection(
    name: str,
    selection: Any,
    n_features: int,
    feature_names: Sequence[str] | np.ndarray | None,
) -> Columns:
    """Columns of one space, as given by a slice, a position, a name, or a list of these."""
    space = f"Space {name!r} in spaces"
    if isinstance(selection, slice):
        indices = _indices_of_slice(space, selection, n_features)
    else:
        if isinstance(selection, (str, Integral)):
            selection = [selection]
        positions = _positions_of_names(space, list(selection), feature_names)
        indices = _indices_of_positions(space, positions, n_features)
    if len(indices) == 0:
        raise ValueError(f"{space} selects no column of X, which has {n_features} features.")
    return _as_slice(indices)


def _indices_of_slice(space: str, selection: slice, n_features: int) -> np.ndarray:
    bounds = (selection.start, selection.stop, selection.step)
    if not all(bound is None or isinstance(bound, Integral) for bound in bounds):
        raise ValueError(f"{space} is {selection!r}: a slice must have integer bounds.")
    return np.arange(n_features)[selection]


def _positions_of_names(
    space: str, selection: list[Any], feature_names: Sequence[str] | np.ndarray | None
) -> list[Any]:
    """Replace column names by their positions; leave any other selection as it is."""
    if len(selection) == 0 or not all(isinstance(column, str) for column in selection):
        return selection
    if feature_names is None:
        raise ValueError(f"{space} has column names, but X has none: pass positions.")
    known = {column: index for index, column in enumerate(feature_names)}
    missing = [column for column in selection if column not in known]
    if missing:
        raise ValueError(f"{space} names columns that X does not have: {missing[:5]}.")
    return [known[column] for column in selection]


def _indices_of_positions(space: str, positions: list[Any], n_features: int) -> np.ndarray:
    if not all(isinstance(column, Integral) for column in positions):
        raise ValueError(f"{space} must be a slice, positions or column names; got {positions!r}.")
    outside = [column for column in positions if not -n_features <= column < n_features]
    if outside:
        raise ValueError(f"{space} selects column {outside[0]}, but X has {n_features} features.")
    return np.array(positions, dtype=np.intp) % n_features


def _as_slice(indices: np.ndarray) -> Columns:
    """A slice if the indices are consecutive, else the indices."""
    start, stop = int(indices[0]), int(indices[-1]) + 1
    if np.array_equal(indices, np.arange(start, stop)):
        return slice(start, stop)
    return indices
