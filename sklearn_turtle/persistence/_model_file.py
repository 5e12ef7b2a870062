"""Save a fitted estimator in a file."""

import os
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sklearn_turtle._io._version import __version__
from sklearn_turtle.persistence._container import read_container, unpacking, write_container
from sklearn_turtle.persistence._values import decode, encode

KIND = "sklearn_turtle.TurtleClustering"
FORMAT_VERSION = 1

# Fitted attributes that some estimators lack: one made from a label file has no fit of its own.
_ARRAYS = ("labels_", "loss_curve_", "restart_loss_curves_", "agreement_", "space_weights_")
_VALUES = ("n_iter_", "stability_")


def save_estimator(estimator: Any, path: os.PathLike[str] | str) -> None:
    """Write a fitted TurtleClustering to a file; see its method ``save``."""
    write_container(path, KIND, FORMAT_VERSION, *pack(estimator))


def pack(estimator: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Represent a fitted TurtleClustering by values for JSON and arrays.

    Raises
    ------
    TypeError
        If a parameter is of a type that cannot be saved.
    """
    check_is_fitted(estimator)
    fitted = vars(estimator)
    content = {
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
    return content, arrays


def load_estimator(path: os.PathLike[str] | str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a file that :func:`save_estimator` wrote.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    parameters : dict of str to object
        Parameters of the estimator.
    attributes : dict of str to object
        Fitted attributes of the estimator.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    OSError
        If the file cannot be opened.
    ValueError
        If the file is damaged, or does not contain a fitted TurtleClustering.
    """
    content, arrays = read_container(path, KIND, FORMAT_VERSION)
    with unpacking(path, "a fitted TurtleClustering"):
        return unpack(content, arrays)


def unpack(
    content: dict[str, Any], arrays: dict[str, np.ndarray]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Restore the parameters and the fitted attributes from the result of :func:`pack`.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError, IndexError
        If :func:`pack` did not make them.
    """
    parameters = {name: decode(value) for name, value in content["parameters"].items()}
    return parameters, _attributes(content, arrays)


def _encoded_parameter(name: str, value: Any) -> Any:
    try:
        return encode(value)
    except TypeError as error:
        raise TypeError(f"cannot save the parameter {name}: {error}.") from error


def _attributes(content: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
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


def _columns(encoded: Any) -> slice | np.ndarray:
    columns = decode(encoded)
    return columns if isinstance(columns, slice) else np.array(columns, dtype=np.intp)


def _check_consistent(spaces: list[dict[str, Any]], attributes: dict[str, Any]) -> None:
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
            raise ValueError(f"inconsistent shapes in space {space['name']!r}: {shapes}")
        if not (np.isfinite(coef).all() and np.isfinite(intercept).all()):
            raise ValueError(f"the coefficients of space {space['name']!r} are not finite")
