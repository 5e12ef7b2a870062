"""Reading and writing feature, label and model files.

Each suffix has one reader, a function of a path and, for arrays, of the name of the array wanted
within the file. Optional packages are imported only by the readers that need them.
"""

import os
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import torch

from sklearn_turtle import TurtleClustering, predict_to_file
from sklearn_turtle._atomic import replacing
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle.labelings import save_labeling

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
    matrix = _read(name, _FEATURE_READERS, "features")
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
    labels = _read(name, _LABEL_READERS, "labels")
    if hasattr(labels, "columns"):
        path, _ = _split(name, _LABEL_READERS)
        labels = _column(path, labels, None)
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
        source, _ = _split(given, _LABEL_READERS)
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
        A ``.safetensors`` file, which holds an estimator and no code; a ``.pt`` file, which holds
        a labelling as the authors' released code writes it; or a ``.joblib`` file, which holds an
        estimator. Loading a ``.joblib`` file runs what it holds, so that it must come from a
        trusted source.

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
        ``.safetensors`` or ``.joblib`` for the whole estimator.
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
            return
        if Path(name).suffix.lower() == ".safetensors":
            model.save(name)
            return
        with replacing(name) as file:
            joblib.dump(model, file)


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
        packages = _PACKAGES.get(_split(name, _LABEL_READERS)[0].suffix.lower(), error.name)
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


def _choose(path, names, wanted):
    """The name of the one array to read from a file that may hold several."""
    names = [str(name) for name in names]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return wanted
    if not names:
        raise CommandError(f"{path}: holds no array")
    choice = "say which" if wanted is None else f"none is called {wanted!r}"
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    raise CommandError(f"{path}: holds {shown}; {choice}, as in {path}:{names[0]}")


def _only(path, array, wanted):
    """An array that has no name, from a file that holds nothing else."""
    if wanted is not None:
        raise CommandError(f"{path}: holds one array, without names; leave out :{wanted}")
    return array


def _read_npy(path, wanted):
    # unlike np.load this knows no pickles, and so does not take damaged files for one
    return _only(path, np.lib.format.open_memmap(path, mode="r"), wanted)


def _read_npz(path, wanted):
    with np.load(path, allow_pickle=False) as archive:
        return archive[_choose(path, archive.files, wanted)]


def _read_pt(path, wanted):
    # only files of torch's newer format, zip archives, can be mapped into memory
    content = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    if isinstance(content, torch.Tensor):
        return _only(path, content, wanted).detach()
    tensors = content if isinstance(content, dict) else {}
    tensors = {str(k): v for k, v in tensors.items() if isinstance(v, torch.Tensor)}
    return tensors[_choose(path, tensors, wanted)].detach()


def _read_safetensors(path, wanted):
    from safetensors import safe_open

    with safe_open(path, framework="pt") as archive:
        return archive.get_tensor(_choose(path, archive.keys(), wanted))


def _read_hdf5(path, wanted):
    import h5py

    file = h5py.File(path, "r")  # open for as long as the dataset is used
    names: list[str] = []
    file.visititems(
        lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None
    )
    return file[_choose(path, names, wanted)]


def _read_zarr(path, wanted):
    import zarr

    opened = zarr.open(path, mode="r")
    if isinstance(opened, zarr.Group):
        array: Any = opened[_choose(path, sorted(opened.array_keys()), wanted)]
    else:
        array = _only(path, opened, wanted)
    # version 2 of zarr knows a single compressor
    compressors = array.compressors if hasattr(array, "compressors") else [array.compressor]
    codecs = [*(array.filters or ()), *compressors]
    if any(getattr(codec, "codec_id", None) == "pickle" for codec in codecs):
        raise CommandError(f"{path}: holds pickles, which are not read since they could run code")
    return array


def _read_csv(path, wanted):
    import pandas

    first = pandas.read_csv(path, header=None, nrows=1)
    cells = first.iloc[0]
    # pandas writes the rows' names in a first column without a name
    named_rows = len(cells) > 1 and pandas.isna(cells[0])
    numbers = [cell for cell in cells.iloc[int(named_rows) :] if not isinstance(cell, str)]
    header = len(numbers) < len(cells) - named_rows or (
        # and columns without names as 0, 1, 2...
        len(numbers) > 1 and numbers == list(range(len(numbers)))
    )
    table = pandas.read_csv(
        path, header=0 if header else None, index_col=0 if header and named_rows else None
    )
    return _table(path, table, wanted)


def _read_parquet(path, wanted):
    import pandas

    return _table(path, pandas.read_parquet(path), wanted)


def _table(path, table, wanted):
    return table if wanted is None else _column(path, table, wanted)


def _column(path, table, wanted):
    names = [str(name) for name in table.columns]
    return table.iloc[:, names.index(_choose(path, names, wanted))]


def _read_txt(path, wanted):
    lines = _only(path, path.read_text().split("\n"), wanted)
    labels = np.array([line.strip() for line in lines if line.strip()])
    try:
        return labels.astype(np.int64)
    except ValueError:
        return labels


def _read_labeling(path):
    return _loaded(TurtleClustering.from_labeling, path)


def _read_saved(path):
    return _loaded(TurtleClustering.load, path)


def _loaded(load, path):
    try:
        return load(path)
    except ValueError as error:  # which names the file
        raise CommandError(error) from error


def _read_joblib(path):
    model = joblib.load(path)
    if not isinstance(model, TurtleClustering):
        raise CommandError(f"{path}: holds a {type(model).__name__}, not a TurtleClustering")
    if not hasattr(model, "space_names_"):
        raise CommandError(f"{path}: holds a TurtleClustering that is not fitted")
    return model


_FEATURE_READERS = {
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".pt": _read_pt,
    ".safetensors": _read_safetensors,
    ".csv": _read_csv,
    ".h5": _read_hdf5,
    ".hdf5": _read_hdf5,
    ".zarr": _read_zarr,
    ".parquet": _read_parquet,
}
_LABEL_READERS = {**_FEATURE_READERS, ".txt": _read_txt}
_MODEL_READERS = {
    ".joblib": _read_joblib,
    ".pt": _read_labeling,
    ".safetensors": _read_saved,
}

#: What labels and probabilities are written as.
ARRAY_SUFFIXES = (".npy", ".csv", ".txt")
#: What models are written as.
MODEL_SUFFIXES = tuple(_MODEL_READERS)
#: What checkpoints are written as.
CHECKPOINT_SUFFIXES = (".safetensors",)
