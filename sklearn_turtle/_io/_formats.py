"""One reader a format of arrays and tables.

A reader is a function of a path and of the name of the array wanted within the file, None for the
only one. Optional packages are imported only by the readers that need them.
"""

import zipfile
from typing import Any

import numpy as np
import torch

from sklearn_turtle._io._errors import FileError


def _choose(path, names, wanted):
    """The name of the one array to read from a file that may hold several."""
    names = [str(name) for name in names]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return wanted
    if not names:
        raise FileError(f"{path}: holds no array")
    choice = "say which" if wanted is None else f"none is called {wanted!r}"
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    raise FileError(f"{path}: holds {shown}; {choice}, as in {path}:{names[0]}")


def _only(path, array, wanted):
    """An array that has no name, from a file that holds nothing else."""
    if wanted is not None:
        raise FileError(f"{path}: holds one array, without names; leave out :{wanted}")
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
        raise FileError(f"{path}: holds pickles, which are not read since they could run code")
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
    return table if wanted is None else only_column(path, table, wanted)


def only_column(path, table, wanted):
    """The column of that name of a table, or its only one where that is None."""
    names = [str(name) for name in table.columns]
    return table.iloc[:, names.index(_choose(path, names, wanted))]


def _read_lines(path, wanted):
    lines = _only(path, path.read_text(encoding="utf-8").split("\n"), wanted)
    return [line.strip() for line in lines if line.strip()]


def _read_txt(path, wanted):
    labels = np.array(_read_lines(path, wanted))
    try:
        return labels.astype(np.int64)
    except ValueError:
        return labels


#: Readers of features by suffix.
FEATURE_READERS = {
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
#: Readers of labels by suffix.
LABEL_READERS = {**FEATURE_READERS, ".txt": _read_txt}
#: Readers of texts by suffix.
TEXT_READERS = {".csv": _read_csv, ".parquet": _read_parquet, ".txt": _read_lines}
