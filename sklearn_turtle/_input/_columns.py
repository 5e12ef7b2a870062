"""Which columns of one matrix belong to which space."""

from collections.abc import Mapping
from numbers import Integral

import numpy as np


def parse_columns(spaces, n_features, feature_names=None):
    """Work out which columns of a 2-D ``X`` belong to which space.

    Parameters
    ----------
    spaces : None, "prefix", list or dict
        As given to :class:`TurtleClustering`.
    n_features : int
        Number of columns of ``X``.
    feature_names : sequence of str or None
        Column names of ``X``.

    Returns
    -------
    names : list of str
        Name of each space.
    columns : list of (slice or ndarray of int)
        Columns of each space.
    """
    if spaces is None:
        return ["space0"], [slice(0, n_features)]
    if isinstance(spaces, str):
        return _parse_prefixes(spaces, feature_names)
    if isinstance(spaces, Mapping):
        names, entries = [str(name) for name in spaces], list(spaces.values())
    else:
        entries = list(spaces)
        names = [f"space{k}" for k in range(len(entries))]
    if len(entries) == 0:
        raise ValueError(f"spaces={spaces!r} names no space.")
    if all(isinstance(entry, Integral) for entry in entries) and not isinstance(spaces, Mapping):
        return names, _parse_widths(entries, n_features)
    columns = [
        _parse_selection(name, entry, n_features, feature_names)
        for name, entry in zip(names, entries, strict=True)
    ]
    return names, columns


def _parse_prefixes(spaces, feature_names):
    if spaces != "prefix":
        raise ValueError(
            f"spaces={spaces!r} is not understood: the only string is 'prefix', which groups the "
            "columns of a DataFrame by what stands before '__' in their names."
        )
    if feature_names is None:
        raise ValueError(
            "spaces='prefix' needs a DataFrame whose column names are strings; X has no column "
            "names. Pass the widths of the spaces instead, or make the steps before output "
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


def _parse_widths(widths, n_features):
    if min(widths) < 1:
        raise ValueError(f"The widths in spaces={widths} must be at least 1.")
    if sum(widths) != n_features:
        raise ValueError(
            f"The widths in spaces={widths} add up to {sum(widths)}, but X has {n_features} "
            "features. Pass the widths that stack_spaces returned with this X."
        )
    ends = np.cumsum(widths).tolist()
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _parse_selection(name, selection, n_features, feature_names):
    where = f"Space {name!r} in spaces"
    if isinstance(selection, slice):
        bounds = (selection.start, selection.stop, selection.step)
        if not all(bound is None or isinstance(bound, Integral) for bound in bounds):
            raise ValueError(f"{where} is {selection!r}: a slice must have integer bounds.")
        indices = np.arange(n_features)[selection]
    else:
        if isinstance(selection, (str, Integral)):
            selection = [selection]
        selection = list(selection)
        if len(selection) > 0 and all(isinstance(column, str) for column in selection):
            if feature_names is None:
                raise ValueError(f"{where} gives column names, but X has none: pass positions.")
            known = {column: index for index, column in enumerate(feature_names)}
            missing = [column for column in selection if column not in known]
            if missing:
                raise ValueError(f"{where} names columns that X does not have: {missing[:5]}.")
            selection = [known[column] for column in selection]
        if not all(isinstance(column, Integral) for column in selection):
            raise ValueError(
                f"{where} must be a slice, positions or column names; got {selection!r}."
            )
        outside = [column for column in selection if not -n_features <= column < n_features]
        if outside:
            raise ValueError(
                f"{where} asks for column {outside[0]}, but X has {n_features} features."
            )
        indices = np.array(selection, dtype=np.intp) % n_features
    if len(indices) == 0:
        raise ValueError(f"{where} selects no column of X, which has {n_features} features.")
    return _as_slice(indices)


def _as_slice(indices):
    """A slice where the indices are a range, so that a view serves instead of a copy."""
    start, stop = int(indices[0]), int(indices[-1]) + 1
    if np.array_equal(indices, np.arange(start, stop)):
        return slice(start, stop)
    return indices
