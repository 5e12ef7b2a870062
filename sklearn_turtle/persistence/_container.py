"""Safetensors files with arrays, a JSON header and a checksum."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._extras import import_extra


def write_container(
    path: os.PathLike[str] | str,
    kind: str,
    format_version: int,
    content: dict[str, Any],
    arrays: dict[str, np.ndarray],
) -> None:
    """Write a file atomically.

    Parameters
    ----------
    path : str or path-like
        The file.
    kind : str
        Identifies what the file contains.
    format_version : int
        Version of the format of this kind of file.
    content : dict
        Values that JSON can represent.
    arrays : dict of str to ndarray
        Numeric arrays.

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
    metadata["sha256"] = _checksum(metadata, arrays)
    packed = from_safetensors.numpy.save(arrays, metadata)
    with replacing(path) as file:
        file.write(packed)


@contextmanager
def unpacking(path: os.PathLike[str] | str, expected: str) -> Iterator[None]:
    """Raise ValueError if content that is unpacked inside is not what was expected.

    Parameters
    ----------
    path : str or path-like
        The file that the content comes from.
    expected : str
        What it should be, as in "a fitted TurtleClustering".
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ValueError(f"{path}: the content is not {expected} ({error!r}).") from error


def read_container(
    path: os.PathLike[str] | str, kind: str, format_version: int
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read a file that :func:`write_container` wrote.

    Parameters
    ----------
    path : str or path-like
        The file.
    kind : str
        Expected kind of the file.
    format_version : int
        Latest version of the format that can be read.

    Returns
    -------
    content : dict
        The JSON content.
    arrays : dict of str to ndarray
        The arrays.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    OSError
        If the file cannot be opened.
    ValueError
        If the file is damaged, has another kind or a later format version.
    """
    safetensors = _safetensors()
    # Unlike safetensors, open raises errors that name the file.
    with open(path, "rb"):
        pass
    try:
        with safetensors.safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            _check_kind(path, metadata, kind, format_version)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path}: not a safetensors file, or a damaged one ({error}). Other formats, such as "
            "pickle, are rejected because they could run code."
        ) from error
    if metadata.get("sha256") != _checksum(metadata, arrays):
        raise ValueError(f"{path}: is damaged: the checksum does not match the content.")
    return json.loads(metadata["content"]), arrays


def kind_of(path: os.PathLike[str] | str) -> str | None:
    """The kind of a file that :func:`write_container` wrote; None for any other file.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    """
    safetensors = _safetensors()
    try:
        with safetensors.safe_open(path, framework="np") as file:
            kind: str | None = (file.metadata() or {}).get("kind")
            return kind
    except (safetensors.SafetensorError, OSError):
        return None


def _check_kind(
    path: os.PathLike[str] | str, metadata: dict[str, str], kind: str, format_version: int
) -> None:
    if metadata.get("kind") != kind or "content" not in metadata:
        raise ValueError(
            f"{path}: expected a safetensors file of kind {kind!r}, but its header has kind "
            f"{metadata.get('kind')!r}."
        )
    version = metadata.get("format_version", "")
    if not version.isdecimal():
        raise ValueError(f"{path}: the header has no format version.")
    if int(version) > format_version:
        raise ValueError(
            f"{path}: has format version {version}, but this version of sklearn-turtle reads "
            f"versions up to {format_version}: update sklearn-turtle."
        )


def _checksum(metadata: dict[str, str], arrays: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for key in ("kind", "format_version", "content"):
        digest.update(metadata[key].encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _safetensors() -> Any:
    import_extra("safetensors.numpy", "safetensors", "save", "Saving and loading")
    return import_module("safetensors")
