"""Check labels and classes: one value per sample, none of them missing."""

from typing import Any

import numpy as np
import torch
from sklearn.utils.validation import column_or_1d

from sklearn_turtle._input._row_errors import is_missing


def read_column(values: Any, name: str, *, warn: bool = False) -> np.ndarray:
    """Convert labels or classes to an array.

    Parameters
    ----------
    values : array-like of shape (n_samples,)
        As passed by the user.
    name : str
        Name of the argument in messages.
    warn : bool, default=False
        Whether to warn if ``values`` is a column of a matrix.

    Returns
    -------
    ndarray of shape (n_samples,)

    Raises
    ------
    ValueError
        If a value is missing, or if the values do not have one dimension.
    """
    # arrays of other dtypes cannot hold a missing value
    kind = values.dtype.kind if isinstance(values, np.ndarray) else "O"
    if kind in "fO" and not isinstance(values, torch.Tensor):
        for row, value in enumerate(np.ravel(np.asarray(values, dtype=object))):
            if is_missing(value):
                raise ValueError(
                    f"{name}[{row}] is missing ({value!r}): leave it out together with its row, or "
                    "give it a value of its own, such as 'unknown'."
                )
    column: np.ndarray = column_or_1d(values, warn=warn)
    return column
