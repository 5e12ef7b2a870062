"""A fitted estimator in a file."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._io._version import __version__
from sklearn_turtle.persistence._container import read_container, write_container
from sklearn_turtle.persistence._values import decode, encode

KIND = "sklearn_turtle.TurtleClustering"
FORMAT_VERSION = 1

# Fitted attributes that are not in every estimator: one of a released label file has none of a fit.
_ARRAYS = ("labels_", "loss_curve_", "restart_loss_curves_", "agreement_")
_VALUES = ("n_iter_", "stability_")


def save_estimator(estimator, path):
    """Write a fitted TurtleClustering to a file; see its method ``save``."""
    check_is_fitted(estimator)
    fitted = vars(estimator)
    content = {
        # at the time of the call, since the module that knows it imports this one
        "library_version": __version__,
        "parameters": {
            name: _encoded_parameter(name, value)
            for name, value in estimator.get_params(deep=False).items()
        },
        "spaces": [
            {"name": name, "width": coef.shape[1], "columns": encode(columns)}
            for name, coef, columns in zip(
                estimator.space_names_, estimator.coef_, estimator._space_columns, strict=True
            )
        ],
        "n_features_in_": estimator.n_features_in_,
        "temperature_": float(estimator.temperature_),
        **{name: encode(fitted[name]) for name in _VALUES if name in fitted},
    }
    if "feature_names_in_" in fitted:
        content["feature_names_in_"] = list(estimator.feature_names_in_)
    arrays = {name: fitted[name] for name in _ARRAYS if name in fitted}
    for k, (coef, intercept) in enumerate(zip(estimator.coef_, estimator.intercept_, strict=True)):
        arrays |= {f"coef_.{k}": coef, f"intercept_.{k}": intercept}
    write_container(path, KIND, FORMAT_VERSION, content, arrays)


def load_estimator(path):
    """Read what :func:`save_estimator` wrote.

    Returns
    -------
    parameters : dict
        Parameters of the estimator.
    attributes : dict
        Its fitted attributes.
    """
    content, arrays = read_container(path, KIND, FORMAT_VERSION)
    try:
        parameters = {name: decode(value) for name, value in content["parameters"].items()}
        return parameters, _attributes(content, arrays)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ValueError(
            f"{path}: what it holds is no fitted TurtleClustering ({error!r})."
        ) from error


def _encoded_parameter(name, value):
    try:
        return encode(value)
    except TypeError as error:
        raise TypeError(f"The parameter {name} cannot be saved: {error}.") from error


def _attributes(content, arrays):
    spaces = content["spaces"]
    attributes = {
        "coef_": [arrays[f"coef_.{k}"] for k in range(len(spaces))],
        "intercept_": [arrays[f"intercept_.{k}"] for k in range(len(spaces))],
        "space_names_": [space["name"] for space in spaces],
        "_space_columns": [_columns(space["columns"]) for space in spaces],
        "n_features_in_": content["n_features_in_"],
        "temperature_": content["temperature_"],
    }
    attributes |= {name: arrays[name] for name in _ARRAYS if name in arrays}
    attributes |= {name: decode(content[name]) for name in _VALUES if name in content}
    if "feature_names_in_" in content:
        attributes["feature_names_in_"] = np.array(content["feature_names_in_"], dtype=object)
    _check_consistent(spaces, attributes)
    return attributes


def _columns(encoded):
    columns = decode(encoded)
    return columns if isinstance(columns, slice) else np.array(columns, dtype=np.intp)


def _check_consistent(spaces, attributes):
    """Raise ValueError if the attributes contradict each other."""
    n_features = np.arange(attributes["n_features_in_"])
    n_clusters = len(attributes["intercept_"][0])
    of_spaces = zip(
        spaces,
        attributes["coef_"],
        attributes["intercept_"],
        attributes["_space_columns"],
        strict=True,
    )
    for space, coef, intercept, columns in of_spaces:
        shapes = coef.shape, intercept.shape, n_features[columns].shape
        if shapes != ((n_clusters, space["width"]), (n_clusters,), (space["width"],)):
            raise ValueError(f"the shapes of space {space['name']!r} do not fit: {shapes}")
        if not (np.isfinite(coef).all() and np.isfinite(intercept).all()):
            raise ValueError(f"coefficients of space {space['name']!r} are not finite")
