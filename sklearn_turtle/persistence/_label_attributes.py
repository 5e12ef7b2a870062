"""Make the attributes of a fitted estimator from a labeling."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sklearn_turtle._input._columns import parse_columns
from sklearn_turtle._input._schema import InputSchema


def attributes_of_labeling(
    labeling: dict[str, tuple[np.ndarray, np.ndarray]], space_names: Sequence[str] | None
) -> dict[str, Any]:
    """Return the attributes that an estimator needs to predict with a labeling.

    Parameters
    ----------
    labeling : dict of str to (ndarray, ndarray)
        Coefficients and intercepts of each space, as returned by :func:`load_labeling`.
    space_names : sequence of str or None
        Name of each space. None for the names in the labeling.

    Returns
    -------
    dict of str to object
        Attributes by name.

    Raises
    ------
    ValueError
        If ``space_names`` does not have a distinct name for each space.
    """
    names = [str(name) for name in (labeling if space_names is None else space_names)]
    if len(names) != len(labeling) or len(set(names)) < len(names):
        raise ValueError(
            f"space_names must have one distinct name per space of the labeling, "
            f"{len(labeling)} in total; got {names}."
        )
    coef, intercept = (list(arrays) for arrays in zip(*labeling.values(), strict=True))
    widths = [of_space.shape[1] for of_space in coef]
    _, columns = parse_columns(widths, sum(widths))
    schema = InputSchema(sum(widths), None, names, columns)
    return schema.attributes | {"coef_": coef, "intercept_": intercept, "temperature_": 1.0}
