"""Reading and writing feature, label and model files; each suffix has one reader."""

import os
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from sklearn_turtle import TurtleClustering, predict_to_file
from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._io._formats import (
    FEATURE_READERS,
    LABEL_READERS,
    TEXT_READERS,
    only_column,
)
from sklearn_turtle.persistence import save_labeling

# What to install for the formats that the required packages do not read.
_PACKAGES = {
    ".csv": "pandas",
    ".h5": "h5py",
    ".hdf5": "h5py",
    ".parquet": "pandas pyarrow",
    ".safetensors": "safetensors",
    ".zarr": "zarr",
}


def read_features(name):
    """Read the features of one space.

    Parameters
    ----------
    name : str
        A file: ``.npy`` (mapped into memory, not loaded), ``.h5``, ``.hdf5`` or ``.zarr`` (read
        as needed), ``.npz``, ``.pt``, ``.safetensors``, ``.csv`` or ``.parquet``. Where it holds
        several arrays, ``file:array`` names one.

    Returns
    -------
    ndarray, tensor, DataFrame, h5py.Dataset or zarr.Array of shape (n_samples, n_features)
        Of the dtype that the file has.

    Raises
    ------
    CommandError
        If the file is missing, cannot be read, or does not hold one matrix of numbers.
    """
    matrix = _read(name, FEATURE_READERS, "features")
    if matrix.ndim != 2:
        raise CommandError(
            f"{name}: features must be a matrix, one row a sample; this array has shape "
            f"{tuple(matrix.shape)}"
        )
    if hasattr(matrix, "columns"):
        texts = matrix.select_dtypes(exclude=["number", "bool"]).columns
        if len(texts) > 0:
            raise CommandError(f"{name}: column {texts[0]!r} does not hold numbers; leave it out")
    elif not isinstance(matrix, torch.Tensor) and matrix.dtype.kind not in "biuf":
        raise CommandError(f"{name}: features must be real numbers, not {matrix.dtype}")
    return matrix


def read_labels(name):
    """Read one label a sample.

    Parameters
    ----------
    name : str
        A file of any format that :func:`read_features` reads, or ``.txt`` with one label a
        line. In a table of several columns, ``file:column`` names one.

    Returns
    -------
    ndarray of shape (n_samples,)
        Integers or strings.

    Raises
    ------
    CommandError
        If the file is missing, cannot be read, or does not hold one label a sample.
    """
    labels = _read(name, LABEL_READERS, "labels")
    if hasattr(labels, "columns"):
        path, _ = _split(name, LABEL_READERS)
        labels = only_column(path, labels, None)
    elif not isinstance(labels, torch.Tensor) and not hasattr(labels, "isna"):
        labels = np.asarray(labels)
    # a number that is missing is unlike itself
    missing = labels.isna() if hasattr(labels, "isna") else labels != labels
    if missing.any():
        raise CommandError(f"{name}: some labels are missing")
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise CommandError(
            f"{name}: labels must be one a sample; this array has shape {labels.shape}"
        )
    return labels


def read_texts(name):
    """Read one text a sample.

    Parameters
    ----------
    name : str
        A table, ``.csv`` or ``.parquet``, of which ``file:column`` names the column where there
        are several; or ``.txt`` with one text a line.

    Returns
    -------
    list of str or None
        None for a text that is missing.

    Raises
    ------
    CommandError
        If the file is missing, cannot be read, or holds anything else.
    """
    texts = _read(name, TEXT_READERS, "texts")
    if hasattr(texts, "columns"):
        path, _ = _split(name, TEXT_READERS)
        texts = only_column(path, texts, None)
    if hasattr(texts, "isna"):
        texts = [
            None if missing else text for text, missing in zip(texts, texts.isna(), strict=True)
        ]
    for row, text in enumerate(texts):
        if not (text is None or isinstance(text, str)):
            raise CommandError(f"{name}: holds no texts; row {row} is {text!r}")
    return texts


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
        holds a labelling as the authors' released code writes it, and is refused where it holds
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
        A file that ends in one of ``MODEL_SUFFIXES``: ``.pt`` for the labelling alone,
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


def _read(name, readers, what):
    path, member = _split(name, readers)
    _check_suffix(name, path, readers, what)
    _check_is_file(name, path)
    with _naming(name):
        return readers[path.suffix.lower()](path, member)


def _check_suffix(name, path, readers, what):
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise CommandError(
            f"{name}: {what} are not read from files that end in {suffix!r}; use {_list(readers)}"
        )


def _check_is_file(name, path):
    if not path.exists():
        raise CommandError(f"{name}: there is no such file")
    if path.is_dir() and path.suffix.lower() != ".zarr":  # which is a folder
        raise CommandError(f"{name}: is a folder")


def _split(name, readers):
    """Split ``file:array``; a colon after anything but a file belongs to the path."""
    path, colon, member = name.rpartition(":")
    if colon and Path(path).suffix.lower() in readers and not Path(name).exists():
        return Path(path), member
    return Path(name), None


@contextmanager
def _naming(name):
    """Turn whatever goes wrong with a file into one line that names it."""
    try:
        yield
    except CommandError:
        raise
    except ImportError as error:
        packages = _PACKAGES.get(_split(name, LABEL_READERS)[0].suffix.lower(), error.name)
        raise CommandError(
            f"{name}: a package that reads it is missing: pip install {packages}"
        ) from error
    except Exception as error:  # on a damaged file, readers raise errors of any kind
        if isinstance(error, OSError) and error.strerror:  # the system's own
            raise CommandError(f"{name}: {error.strerror}") from error
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise CommandError(f"{name}: cannot be read ({reason[0]})") from error


@contextmanager
def _naming_failures(name):
    """Turn what the system has to say of a file into one line that names it."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror or error}") from error
    except ImportError as error:
        raise CommandError(f"{name}: {error}") from error


def _list(suffixes):
    return ", ".join(suffixes)


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
