"""Check and write the outputs of commands, and read models."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle import TurtleClustering, predict_to_file
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._file_names import (
    check_is_file,
    check_suffix,
    errors_naming,
    split_name,
)
from sklearn_turtle._io._formats import LABEL_READERS
from sklearn_turtle.exploration import EditedClustering
from sklearn_turtle.exploration._edited_file import KIND as EDITED
from sklearn_turtle.persistence import save_labeling
from sklearn_turtle.persistence._container import kind_of


def check_output(name: str, suffixes: Sequence[str], inputs: Sequence[str] = ()) -> None:
    """Check that a file can be written, before the work starts.

    Parameters
    ----------
    name : str
        The file.
    suffixes : sequence of str
        Valid suffixes.
    inputs : sequence of str, default=()
        Input files of the command, which it must not replace.

    Raises
    ------
    CommandError
        If the suffix is not valid, the folder is missing or not writable, or the file is an input.
    """
    path = Path(name)
    if path.suffix.lower() not in suffixes:
        raise CommandError(
            f"{name}: unknown suffix {path.suffix!r} for an output file; choose from "
            f"{', '.join(suffixes)}"
        )
    if not path.parent.is_dir():
        raise CommandError(f"{name}: there is no folder {path.parent}")
    if path.is_dir():
        raise CommandError(f"{name}: is a folder, not a file")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"{name}: the folder {path.parent} is not writable")
    for given in inputs:
        source, _ = split_name(given, LABEL_READERS)
        if source.exists() and path.exists() and path.samefile(source):
            raise CommandError(f"{name}: is an input file; choose another output file")


def write_array(name: str, array: np.ndarray, column: str) -> None:
    """Write labels or probabilities, atomically.

    Parameters
    ----------
    name : str
        A file with one of ``ARRAY_SUFFIXES``.
    array : ndarray of shape (n_samples,) or (n_samples, n_columns)
        Labels or probabilities.
    column : str
        Header of the column of a ``.csv``. Several columns are numbered: "column0", "column1"
        and so on.

    Raises
    ------
    CommandError
        If the file cannot be written.
    """
    suffix = Path(name).suffix.lower()
    with _write_errors_naming(name), replacing(name) as file:
        if suffix == ".npy":
            np.save(file, array, allow_pickle=False)
            return
        names = [column] if array.ndim == 1 else [f"{column}{j}" for j in range(array.shape[1])]
        layout = {"header": ",".join(names), "delimiter": ","} if suffix == ".csv" else {}
        # nine digits are enough for any float32
        form = "%d" if array.dtype.kind in "biu" else "%.9g"
        np.savetxt(file, array, fmt=form, comments="", **layout)


def write_prediction(
    name: str,
    model: TurtleClustering | EditedClustering,
    spaces: Sequence[Any],
    proba: bool,
    verbose: int,
) -> None:
    """Write the prediction of a model chunk by chunk, atomically.

    Parameters
    ----------
    name : str
        A ``.npy`` file.
    model, spaces, proba, verbose
        See :func:`~sklearn_turtle.predict_to_file`.

    Raises
    ------
    CommandError
        If the file cannot be written.
    ValueError
        If the spaces do not match those of the model.
    """
    with _write_errors_naming(name):
        predict_to_file(model, spaces, name, proba=proba, verbose=verbose)


def read_model(name: str) -> TurtleClustering | EditedClustering:
    """Read a fitted estimator; never runs code.

    Parameters
    ----------
    name : str
        A ``.safetensors`` file with an estimator, or a ``.pt`` file with a labeling in the format
        of the authors' released code. A ``.pt`` file with any other content is refused.

    Returns
    -------
    TurtleClustering or EditedClustering

    Raises
    ------
    FileError
        If the file is missing, cannot be read, or has any other content.
    """
    path = Path(name)
    # other suffixes are refused without opening the file, which may be a pickle
    check_suffix(name, path, _MODEL_LOADERS, "models")
    check_is_file(name, path)
    with errors_naming(name):
        try:
            return _MODEL_LOADERS[path.suffix.lower()](path)
        except ValueError as error:  # its message names the file
            raise FileError(error) from error


def write_model(name: str, model: TurtleClustering) -> None:
    """Write a fitted estimator, atomically.

    Parameters
    ----------
    name : str
        A file with one of ``MODEL_SUFFIXES``: ``.pt`` for the labeling alone, ``.safetensors``
        for the whole estimator.
    model : TurtleClustering
        The estimator.

    Raises
    ------
    CommandError
        If the file cannot be written.
    """
    with _write_errors_naming(name):
        if Path(name).suffix.lower() == ".pt":
            save_labeling(model, name)
        else:
            model.save(name)


@contextmanager
def _write_errors_naming(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror or error}") from error
    except ImportError as error:
        raise CommandError(f"{name}: {error}") from error


def _load_estimator(path: Path) -> TurtleClustering | EditedClustering:
    if kind_of(path) == EDITED:
        return EditedClustering.load(path)
    return TurtleClustering.load(path)


_MODEL_LOADERS: dict[str, Callable[[Path], TurtleClustering | EditedClustering]] = {
    ".pt": TurtleClustering.from_labeling,
    ".safetensors": _load_estimator,
}

#: Suffixes of files of labels or probabilities.
ARRAY_SUFFIXES = (".npy", ".csv", ".txt")
#: Suffixes of reports.
REPORT_SUFFIXES = (".html",)
#: Suffixes of tables of labels.
TABLE_SUFFIXES = (".csv",)
#: Suffixes of models.
MODEL_SUFFIXES = tuple(_MODEL_LOADERS)
#: Suffixes of checkpoints.
CHECKPOINT_SUFFIXES = (".safetensors",)
