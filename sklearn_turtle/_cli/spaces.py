"""Read models, and the feature files of their spaces."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.errors import CommandError, one_line_errors
from sklearn_turtle._cli.files import read_model
from sklearn_turtle._input._matrix import native_dtype
from sklearn_turtle._input.lazy import as_lazy
from sklearn_turtle._io._read import read_features
from sklearn_turtle.exploration import EditedClustering


def read_model_and_spaces(
    model: str, paths: Sequence[str]
) -> tuple[TurtleClustering | EditedClustering, list[Any], list[str]]:
    """Read a model and the features of its spaces.

    Parameters
    ----------
    model : str
        File of the model.
    paths : sequence of str
        Feature files, in the order of the spaces of the model.

    Returns
    -------
    turtle : TurtleClustering or EditedClustering
        The model.
    spaces : list of matrices
        Features, in the order of the files.
    names : list of str
        Names of the spaces in the model.

    Raises
    ------
    CommandError
        If the number of files differs from the number of spaces.
    FileError
        If a file cannot be read.
    """
    turtle = read_model(model)
    names = turtle.space_names_
    if len(names) != len(paths):
        raise CommandError(
            f"{model}: has {len(names)} space(s), but {len(paths)} feature file(s) are given"
        )
    return turtle, read_spaces(paths, names), names


def read_spaces(paths: Sequence[str], names: Sequence[str]) -> list[Any]:
    """Read one space per file, and print one line for each.

    Parameters
    ----------
    paths : sequence of str
        Feature files.
    names : sequence of str
        Names of the spaces.

    Returns
    -------
    list of matrices

    Raises
    ------
    FileError
        If a file cannot be read.
    CommandError
        If a column of vectors does not hold numbers.
    """
    spaces = []
    for path, name in zip(paths, names, strict=True):
        matrix = read_features(path)
        with one_line_errors():
            lazy = as_lazy(matrix, path, native_dtype)
        matrix = matrix if lazy is None else lazy
        kind = "" if hasattr(matrix, "columns") else f", {str(matrix.dtype).split('.')[-1]}"
        print(f"{name}: {path}, {matrix.shape[0]} samples x {matrix.shape[1]} features{kind}")
        spaces.append(matrix)
    return spaces


def space_names(paths: Sequence[str]) -> list[str]:
    """Name the spaces after their files.

    Parameters
    ----------
    paths : sequence of str
        Feature files.

    Returns
    -------
    list of str
        Names of the files without folder and suffix; if these are not distinct, the paths; if
        these are not distinct either, "space0", "space1" and so on.
    """
    stems = [Path(path).name.split(".")[0] for path in paths]
    if len(set(stems)) == len(paths):
        return stems
    if len(set(paths)) == len(paths):
        return list(paths)
    return [f"space{k}" for k in range(len(paths))]
