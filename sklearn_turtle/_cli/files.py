"""Reading and writing feature, label and model files; each suffix has one reader."""

import os
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from sklearn_turtle import TurtleClustering, predict_to_file
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._formats import (
    LABEL_READERS,
    TEXT_READERS,
)
from sklearn_turtle._io._read import _check_is_file, _check_suffix, _list, _naming, _split
from sklearn_turtle.persistence import save_labeling


def check_output(name, suffixes, inputs=()):
    """Check, before any work is done, that a file can be written.

    Parameters
    ----------
    name : str
        The file.
    suffixes : tuple of str
        What it may end in.
    inputs : sequence of str, default=()
        Files that the command reads, and that it must not replace.

    Raises
    ------
    CommandError
        If the suffix is another, there is no such folder to write to, or the file is an input.
    """
    path = Path(name)
    if path.suffix.lower() not in suffixes:
        raise CommandError(
            f"{name}: cannot write a file that ends in {path.suffix!r}; use {_list(suffixes)}"
        )
    if not path.parent.is_dir():
        raise CommandError(f"{name}: there is no folder {path.parent}")
    if path.is_dir():
        raise CommandError(f"{name}: is a folder")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"{name}: the folder {path.parent} cannot be written to")
    for given in inputs:
        source, _ = _split(given, LABEL_READERS)
        if source.exists() and path.exists() and path.samefile(source):
            raise CommandError(f"{name}: is one of the inputs, which would be lost")


def write_array(name, array, column):
    """Write labels or probabilities, atomically.

    Parameters
    ----------
    name : str
        A file that ends in one of ``ARRAY_SUFFIXES``.
    array : ndarray of shape (n_samples,) or (n_samples, n_columns)
        What to write.
    column : str
        Heads the column of a ``.csv``; several columns are numbered, "column0" and so on.

    Raises
    ------
    CommandError
        If the file cannot be written.
    """
    suffix = Path(name).suffix.lower()
    with _naming_failures(name), replacing(name) as file:
        if suffix == ".npy":
            np.save(file, array, allow_pickle=False)
            return
        names = [column] if array.ndim == 1 else [f"{column}{j}" for j in range(array.shape[1])]
        layout = {"header": ",".join(names), "delimiter": ","} if suffix == ".csv" else {}
        form = "%d" if array.dtype.kind in "biu" else "%.9g"  # enough for any float32
        np.savetxt(file, array, fmt=form, comments="", **layout)


def write_prediction(name, model, spaces, proba, verbose):
    """Write the prediction of a model chunk by chunk, atomically.

    Parameters
    ----------
    name : str
        A file that ends in ``.npy``.
    model, spaces, proba, verbose
        As for :func:`~sklearn_turtle.predict_to_file`.

    Raises
    ------
    CommandError
        If the file cannot be written.
    ValueError
        If the spaces are not those of the model.
    """
    with _naming_failures(name):
        predict_to_file(model, spaces, name, proba=proba, verbose=verbose)


def read_model(name):
    """Read a fitted estimator.

    Parameters
    ----------
    name : str
        A ``.safetensors`` file, which holds an estimator and no code; or a ``.pt`` file, which
        holds a labeling as the authors' released code writes it, and is refused where it holds
        more.

    Returns
    -------
    TurtleClustering

    Raises
    ------
    CommandError
        If the file is missing, cannot be read, or holds anything else.
    """
    path = Path(name)
    # a file of any other kind is not tried, lest it is unpickled
    _check_suffix(name, path, _MODEL_READERS, "models")
    _check_is_file(name, path)
    with _naming(name):
        return _MODEL_READERS[path.suffix.lower()](path)


def write_model(name, model):
    """Write a fitted estimator, atomically.

    Parameters
    ----------
    name : str
        A file that ends in one of ``MODEL_SUFFIXES``: ``.pt`` for the labeling alone,
        ``.safetensors`` for the whole estimator.
    model : TurtleClustering
        The estimator.

    Raises
    ------
    CommandError
        If the file cannot be written.
    """
    with _naming_failures(name):
        if Path(name).suffix.lower() == ".pt":
            save_labeling(model, name)
        else:
            model.save(name)


@contextmanager
def _naming_failures(name):
    """Turn what the system has to say of a file into one line that names it."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror or error}") from error
    except ImportError as error:
        raise CommandError(f"{name}: {error}") from error


def _read_labeling(path):
    return _loaded(TurtleClustering.from_labeling, path)


def _read_saved(path):
    return _loaded(TurtleClustering.load, path)


def _loaded(load, path):
    try:
        return load(path)
    except ValueError as error:  # which names the file
        raise CommandError(error) from error


_MODEL_READERS = {
    ".pt": _read_labeling,
    ".safetensors": _read_saved,
}

#: What labels and probabilities are written as.
ARRAY_SUFFIXES = (".npy", ".csv", ".txt")
#: What reports are written as.
REPORT_SUFFIXES = (".html",)
#: What tables of labels are written as.
TABLE_SUFFIXES = (".csv",)
#: What texts are read from.
TEXT_SUFFIXES = tuple(TEXT_READERS)
#: What models are written as.
MODEL_SUFFIXES = tuple(_MODEL_READERS)
#: What checkpoints are written as.
CHECKPOINT_SUFFIXES = (".safetensors",)
