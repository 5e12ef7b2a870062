"""Save a clustering with its edits in a file."""

import os
from typing import Any

import numpy as np

from sklearn_turtle._estimator._persistence_mixin import restored
from sklearn_turtle._input._clustered_rows import n_clusters_of
from sklearn_turtle._io._version import __version__
from sklearn_turtle._turtle import TurtleClustering
from sklearn_turtle.exploration._edits import Edit, Merge, Split
from sklearn_turtle.persistence._container import read_container, unpacking, write_container
from sklearn_turtle.persistence._model_file import pack, unpack

KIND = "sklearn_turtle.EditedClustering"
FORMAT_VERSION = 1


def save_edited(
    estimator: Any,
    edits: tuple[Edit, ...],
    labels: np.ndarray | None,
    path: os.PathLike[str] | str,
) -> None:
    """Write a clustering and its edits to a file; see :meth:`EditedClustering.save`."""
    arrays = {} if labels is None else {"labels_": labels}
    content: dict[str, Any] = {
        "library_version": __version__,
        "estimator": _packed(estimator, "estimator", arrays),
        "edits": [_packed_edit(edit, f"edits.{i}", arrays) for i, edit in enumerate(edits)],
    }
    write_container(path, KIND, FORMAT_VERSION, content, arrays)


def load_edited(
    path: os.PathLike[str] | str,
) -> tuple[TurtleClustering, tuple[Edit, ...], np.ndarray | None]:
    """Read a file that :func:`save_edited` wrote.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    estimator : TurtleClustering
        The clustering that was fitted.
    edits : tuple of Edit
        The edits.
    labels : ndarray of shape (n_samples,), int32, or None
        The attribute ``labels_``; None if there was none.

    Raises
    ------
    ImportError
        If safetensors is not installed.
    OSError
        If the file cannot be opened.
    ValueError
        If the file is damaged, or does not contain an edited clustering.
    """
    content, arrays = read_container(path, KIND, FORMAT_VERSION)
    with unpacking(path, "an edited clustering"):
        estimator = _unpacked(content["estimator"], "estimator", arrays)
        edits: list[Edit] = []
        n_clusters = n_clusters_of(estimator)
        for i, packed in enumerate(content["edits"]):
            edits.append(_unpacked_edit(packed, f"edits.{i}", arrays, n_clusters))
            n_clusters += edits[-1].n_added
    return estimator, tuple(edits), arrays.get("labels_")


def _packed(estimator: Any, name: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The content of an estimator; its arrays are added to ``arrays`` under its name."""
    if not isinstance(estimator, TurtleClustering):
        raise TypeError(
            f"cannot save the edits of a {type(estimator).__name__}: only a TurtleClustering can "
            "be saved."
        )
    content, of_estimator = pack(estimator)
    arrays |= {f"{name}.{key}": array for key, array in of_estimator.items()}
    return content


def _unpacked(
    content: dict[str, Any], name: str, arrays: dict[str, np.ndarray]
) -> TurtleClustering:
    prefix = f"{name}."
    of_estimator = {
        key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)
    }
    return restored(TurtleClustering, *unpack(content, of_estimator))


def _packed_edit(edit: Edit, name: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    if isinstance(edit, Merge):
        return {"merge": edit.numbers.tolist()}
    if isinstance(edit, Split):
        return {"split": edit.cluster, "parts": _packed(edit.parts, name, arrays)}
    raise TypeError(f"cannot save the edit {edit!r}.")


def _unpacked_edit(
    packed: dict[str, Any], name: str, arrays: dict[str, np.ndarray], n_clusters: int
) -> Edit:
    if "merge" in packed:
        numbers = np.array(packed["merge"])
        if (
            sorted(set(packed["merge"])) != [*range(numbers.max() + 1)]
            or len(numbers) != n_clusters
        ):
            raise ValueError(f"{packed['merge']} does not number {n_clusters} clusters")
        return Merge(numbers)
    if not 0 <= packed["split"] < n_clusters:
        raise ValueError(f"there is no cluster {packed['split']!r} to split")
    return Split(packed["split"], _unpacked(packed["parts"], name, arrays))
