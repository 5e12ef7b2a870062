"""The rows that candidates are fitted to and scored on."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.model_selection import check_cv
from sklearn.utils import _safe_indexing, indexable
from sklearn.utils.validation import _num_samples

from sklearn_turtle._input._spaces import is_collection_of_spaces
from sklearn_turtle._input._vectors import unpack_vectors

# Without cross-validation, candidates are scored on this share of the rows, and on at least this
# many.
SCORED_SHARE, SCORED_AT_LEAST = 0.2, 2000


def split_rows(X: Any, y: Any, cv: Any) -> list[tuple[Any, Any, Any]]:
    """Split the rows into those of the fits and those of the scores.

    Parameters
    ----------
    X, y : object
        As passed by the user.
    cv : int, splitter, iterable or None
        As for :class:`TurtleSearch`. With None, all rows are fitted and some of them are scored.

    Returns
    -------
    list of tuple of (object, object, object)
        ``X`` of the fit, ``X`` of the score and ``y`` of the score, one tuple per split.
    """
    if cv is None:
        return [(X, *_some_rows(X, y))]
    if is_collection_of_spaces(X):
        raise ValueError(
            "cv splits the rows of one matrix, but X is a collection of spaces. Pass X, widths "
            "= stack_spaces(list_of_spaces) and TurtleClustering(spaces=widths), or cv=None."
        )
    # the rows of some columns of vectors cannot be indexed
    X, y = indexable(unpack_vectors(X, "X"), y)
    return [
        (
            _safe_indexing(X, train),
            _safe_indexing(X, test),
            None if y is None else _safe_indexing(y, test),
        )
        for train, test in check_cv(cv, y).split(X, y)
    ]


def _some_rows(X: Any, y: Any) -> tuple[Any, Any]:
    """Draw the rows to score on at random: evenly spaced rows might all be of one kind."""
    spaces = X if is_collection_of_spaces(X) else [X]
    given = spaces.values() if isinstance(spaces, Mapping) else spaces
    matrices = [unpack_vectors(matrix, "X") for matrix in given]
    n_samples = _num_samples(matrices[0])
    n_rows = min(n_samples, max(SCORED_AT_LEAST, round(SCORED_SHARE * n_samples)))
    rows = np.sort(np.random.default_rng(0).choice(n_samples, n_rows, replace=False))
    some: Any = [_safe_indexing(matrix, rows) for matrix in matrices]
    if isinstance(spaces, Mapping):
        some = dict(zip(spaces, some, strict=True))
    y = None if y is None else _safe_indexing(y, rows)
    return (some if spaces is X else some[0]), y
