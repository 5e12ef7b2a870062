"""Readers of arrays and tables, one per format.

A reader takes a path and the name of an array within the file, or None for the only array.
Optional packages are imported only by the readers that need them.
"""

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from sklearn_turtle._io._arrow_types import is_list_type
from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._file_names import suffix_of

Reader = Callable[[Path, str | None], Any]
Array = TypeVar("Array")


def select_column(path: Path, table: Any, wanted: str | None) -> Any:
    """Select the column of a table that has the given name, or its only column if that is None."""
    names = [str(name) for name in table.columns]
    return table.iloc[:, names.index(select_name(path, names, wanted))]


def select_name(path: Path, available: Iterable[object], wanted: str | None) -> str:
    """Select the given name of those in a file, or the only one if that is None."""
    names = [str(name) for name in available]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is not None and wanted in names:
        return wanted
    if not names:
        raise FileError(f"{path}: contains no array")
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    unknown = "" if wanted is None else f", but not {wanted!r}"
    raise FileError(f"{path}: contains {shown}{unknown}; choose one, as in {path}:{names[0]}")


def _unnamed(path: Path, array: Array, wanted: str | None) -> Array:
    if wanted is not None:
        raise FileError(f"{path}: contains a single array without a name; remove :{wanted}")
    return array


def _read_npy(path: Path, wanted: str | None) -> np.ndarray:
    # np.load would take a damaged file for a pickle, and report that
    return _unnamed(path, np.lib.format.open_memmap(path, mode="r"), wanted)


def _read_npz(path: Path, wanted: str | None) -> Any:
    with np.load(path, allow_pickle=False) as archive:
        return archive[select_name(path, archive.files, wanted)]


def _read_pt(path: Path, wanted: str | None) -> torch.Tensor:
    # torch can map only its newer format, a zip archive, into memory
    content = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    if isinstance(content, torch.Tensor):
        return _unnamed(path, content, wanted).detach()
    if isinstance(content, (list, tuple)):
        content = _numbered(path, content, wanted)
    entries = content if isinstance(content, dict) else {}
    tensors = {str(k): v for k, v in entries.items() if isinstance(v, torch.Tensor)}
    return tensors[select_name(path, tensors, wanted)].detach()


def _numbered(path: Path, content: Any, wanted: str | None) -> dict[str, Any]:
    """Name the tensors of a list by their positions."""
    tensors = {str(k): v for k, v in enumerate(content) if isinstance(v, torch.Tensor)}
    if wanted is None and len(tensors) > 1:
        raise FileError(
            f"{path}: contains a list of {len(tensors)} tensors; choose one, as in {path}:0; or, "
            "if they are the rows or batches of one matrix, save torch.stack(tensors) or "
            "torch.cat(tensors)"
        )
    return tensors


def _read_safetensors(path: Path, wanted: str | None) -> Any:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as archive:
        return archive.get_tensor(select_name(path, archive.keys(), wanted))


def _read_hdf5(path: Path, wanted: str | None) -> Any:
    import h5py

    file = h5py.File(path, "r")  # stays open while the dataset is in use
    names: list[str] = []
    file.visititems(
        lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None
    )
    return file[select_name(path, names, wanted)]


def _read_zarr(path: Path, wanted: str | None) -> Any:
    import zarr

    opened = zarr.open(path, mode="r")
    if isinstance(opened, zarr.Group):
        array: Any = opened[select_name(path, sorted(opened.array_keys()), wanted)]
    else:
        array = _unnamed(path, opened, wanted)
    # arrays have one compressor in version 2 of zarr, several in version 3
    compressors = array.compressors if hasattr(array, "compressors") else [array.compressor]
    codecs = [*(array.filters or ()), *compressors]
    if any(getattr(codec, "codec_id", None) == "pickle" for codec in codecs):
        raise FileError(f"{path}: contains pickles, which are not read because they can run code")
    return array


def _read_csv(path: Path, wanted: str | None) -> Any:
    import pandas

    separator = "\t" if suffix_of(path).startswith(".tsv") else ","
    first = pandas.read_csv(path, sep=separator, header=None, nrows=1)
    cells = first.iloc[0]
    # pandas writes an index as a first column without a name
    has_index = len(cells) > 1 and pandas.isna(cells[0])
    numbers = [cell for cell in cells.iloc[int(has_index) :] if not isinstance(cell, str)]
    has_header = len(numbers) < len(cells) - has_index or (
        # pandas names unnamed columns 0, 1, 2...
        len(numbers) > 1 and numbers == list(range(len(numbers)))
    )
    table = pandas.read_csv(
        path,
        sep=separator,
        header=0 if has_header else None,
        index_col=0 if has_header and has_index else None,
    )
    return table if wanted is None else select_column(path, table, wanted)


def _read_parquet(path: Path, wanted: str | None) -> Any:
    import pandas

    table = pandas.read_parquet(path)
    return table if wanted is None else select_column(path, table, wanted)


def _read_parquet_features(path: Path, wanted: str | None) -> Any:
    """The column of vectors as an Arrow table; without such a column, columns of numbers."""
    from pyarrow import parquet

    schema = parquet.read_schema(path)
    vectors = [field.name for field in schema if is_list_type(field.type)]
    if not vectors or wanted in set(schema.names) - set(vectors):
        return _read_parquet(path, wanted)
    others = [] if wanted is None else [name for name in schema.names if name not in vectors]
    name = select_name(path, [*vectors, *others], wanted)
    return parquet.read_table(path, columns=[name])


def _read_txt(path: Path, wanted: str | None) -> np.ndarray:
    lines = _unnamed(path, path.read_text(encoding="utf-8").split("\n"), wanted)
    labels = np.array([line.strip() for line in lines if line.strip()])
    try:
        return labels.astype(np.int64)
    except ValueError:
        return labels


#: Readers of features by suffix.
FEATURE_READERS: dict[str, Reader] = {
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".pt": _read_pt,
    ".safetensors": _read_safetensors,
    ".csv": _read_csv,
    ".csv.gz": _read_csv,
    ".tsv": _read_csv,
    ".tsv.gz": _read_csv,
    ".h5": _read_hdf5,
    ".hdf5": _read_hdf5,
    ".zarr": _read_zarr,
    ".parquet": _read_parquet_features,
}
#: Readers of labels by suffix.
LABEL_READERS: dict[str, Reader] = {
    **FEATURE_READERS,
    ".parquet": _read_parquet,
    ".txt": _read_txt,
}
