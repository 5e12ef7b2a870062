"""Containers that are read as needed: each function puts a matrix into one, in a folder."""

import dask.array
import h5py
import numpy as np
import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import zarr


def mapped(x, folder):
    np.save(folder / "x.npy", x)
    return np.load(folder / "x.npy", mmap_mode="r")


def hdf5(x, folder, chunks=None):
    file = h5py.File(folder / "x.h5", "w")
    return file.create_dataset("x", data=x, chunks=chunks)


def hdf5_in_chunks(x, folder):
    return hdf5(x, folder, (70, 5))


def zarr_array(x, folder):
    array = zarr.create_array(folder / "x.zarr", shape=x.shape, chunks=(90, 7), dtype=x.dtype)
    array[:] = x
    return array


def table_of_columns(x):
    return pyarrow.table({f"c{j}": x[:, j] for j in range(x.shape[1])})


def table_of_lists(x, fixed):
    if fixed:
        lists = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(x.ravel()), x.shape[1])
    else:
        offsets = np.arange(len(x) + 1, dtype=np.int32) * x.shape[1]
        lists = pyarrow.ListArray.from_arrays(offsets, pyarrow.array(x.ravel()))
    return pyarrow.table({"embedding": lists})


def parquet_of_columns(x, folder):
    pyarrow.parquet.write_table(table_of_columns(x), folder / "x.parquet", row_group_size=130)
    return pyarrow.parquet.ParquetFile(folder / "x.parquet")


def parquet_of_lists(x, folder):
    table = table_of_lists(x, fixed=False)
    pyarrow.parquet.write_table(table, folder / "x.parquet", row_group_size=130)
    return pyarrow.parquet.ParquetFile(folder / "x.parquet")


def parquet_folder(x, folder):
    table = table_of_lists(x, fixed=True)
    (folder / "parts").mkdir()
    for i, part in enumerate([table[:210], table[210:]]):
        pyarrow.parquet.write_table(part, folder / "parts" / f"{i}.parquet", row_group_size=100)
    return pyarrow.dataset.dataset(folder / "parts")


def feather_folder(x, folder):
    pyarrow.dataset.write_dataset(table_of_columns(x), folder / "parts", format="feather")
    return pyarrow.dataset.dataset(folder / "parts", format="feather")


def arrow_table(x, folder):
    halves = table_of_lists(x[:33], fixed=True), table_of_lists(x[33:], fixed=True)
    return pyarrow.concat_tables(halves)


def dask_array(x, folder):
    return dask.array.from_array(x, chunks=(110, 5))


CONTAINERS = [
    mapped,
    hdf5,
    hdf5_in_chunks,
    zarr_array,
    parquet_of_columns,
    parquet_of_lists,
    parquet_folder,
    feather_folder,
    arrow_table,
    dask_array,
]


def in_container(make, folder, matrices):
    """Put each matrix into a container, in a folder of its own."""
    given = []
    for k, x in enumerate(matrices):
        (folder / str(k)).mkdir()
        given.append(make(x, folder / str(k)))
    return given
