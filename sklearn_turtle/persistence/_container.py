"""Arrays and a JSON header in one safetensors file, with a check sum."""

import hashlib
import json
from importlib import import_module

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._extras import import_extra


def write_container(path, kind, format_version, content, arrays):
    """Write a file, atomically.

    Parameters
    ----------
    path : str or path-like
        The file.
    kind : str
        What the file holds.
    format_version : int
        Version of the format of that kind.
    content : dict
        What JSON can hold.
    arrays : dict of str to ndarray
        Arrays of numbers.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    OSError
        If the file cannot be written.
    """
    from_safetensors = _safetensors()
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    metadata = {
        "kind": kind,
        "format_version": str(format_version),
        "content": json.dumps(content, allow_nan=False),
    }
    metadata["sha256"] = _check_sum(metadata, arrays)
    packed = from_safetensors.numpy.save(arrays, metadata)
    with replacing(path) as file:
        file.write(packed)


def read_container(path, kind, format_version):
    """Read a file that :func:`write_container` wrote.

    Returns
    -------
    content : dict
        What JSON held.
    arrays : dict of str to ndarray
        The arrays.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    OSError
        If the file cannot be opened.
    ValueError
        If the file is damaged, of another kind, or of a later version of the format.
    """
    safetensors = _safetensors()
    with open(path, "rb"):  # whose errors name the file
        pass
    try:
        with safetensors.safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            _check_kind(path, metadata, kind, format_version)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path}: is no safetensors file, or a damaged one ({error}). Files of other formats, "
            "such as pickles, are not read since they could run code."
        ) from error
    if metadata.get("sha256") != _check_sum(metadata, arrays):
        raise ValueError(f"{path}: is damaged: its check sum does not fit what it holds.")
    return json.loads(metadata["content"]), arrays


def _check_kind(path, metadata, kind, format_version):
    if metadata.get("kind") != kind or "content" not in metadata:
        raise ValueError(
            f"{path}: is a safetensors file, but no {kind}; its header says "
            f"{metadata.get('kind')!r}."
        )
    version = metadata.get("format_version", "")
    if not version.isdecimal():
        raise ValueError(f"{path}: has no version of the format.")
    if int(version) > format_version:
        raise ValueError(
            f"{path}: is of version {version} of its format, and this version of sklearn-turtle "
            f"reads versions up to {format_version}: update sklearn-turtle."
        )


def _check_sum(metadata, arrays):
    digest = hashlib.sha256()
    for key in ("kind", "format_version", "content"):
        digest.update(metadata[key].encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _safetensors():
    import_extra("safetensors.numpy", "safetensors", "save", "Saving and loading")
    return import_module("safetensors")
