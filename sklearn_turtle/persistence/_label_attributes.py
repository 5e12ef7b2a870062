"""From a labeling to what a fitted estimator has."""

from sklearn_turtle._input._columns import parse_columns
from sklearn_turtle._input._schema import InputSchema


def attributes_of_labeling(labeling, space_names):
    """The attributes that an estimator needs to predict by a labeling.

    Parameters
    ----------
    labeling : dict of str to (ndarray, ndarray)
        As :func:`load_labeling` returns it.
    space_names : list of str or None
        Name of each space; None for those of the labeling.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If the names are not distinct, or not one for each space.
    """
    names = [str(name) for name in (labeling if space_names is None else space_names)]
    if len(names) != len(labeling) or len(set(names)) < len(names):
        raise ValueError(
            f"space_names must be a distinct name for each of the {len(labeling)} space(s) of the "
            f"labeling; got {names}."
        )
    coef, intercept = (list(arrays) for arrays in zip(*labeling.values(), strict=True))
    widths = [of_space.shape[1] for of_space in coef]
    _, columns = parse_columns(widths, sum(widths))
    schema = InputSchema(sum(widths), None, names, columns)
    return schema.attributes | {"coef_": coef, "intercept_": intercept, "temperature_": 1.0}
