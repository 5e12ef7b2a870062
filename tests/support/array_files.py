"""Write a matrix to a file of each format that holds arrays."""

import h5py
import numpy as np
import pandas as pd
import torch
import zarr
from safetensors.torch import save_file

MATRIX = np.arange(12).reshape(4, 3) / 8 - 0.5  # exact in every floating-point format


def save_npz(path, array):
    np.savez(path, clip=array)


def save_pt(path, array):
    torch.save(torch.from_numpy(array), path)


def save_safetensors(path, array):
    save_file({"clip": torch.from_numpy(array)}, path)


def save_parquet(path, array):
    pd.DataFrame(array, columns=["a", "b", "c"]).to_parquet(path)


def save_hdf5(path, array):
    with h5py.File(path, "w") as file:
        file.create_group("of").create_dataset("clip", data=array)


def save_zarr(path, array):
    zarr.create_array(path, data=array)


WRITERS = {
    ".npy": np.save,
    ".h5": save_hdf5,
    ".hdf5": save_hdf5,
    ".zarr": save_zarr,
    ".npz": save_npz,
    ".pt": save_pt,
    ".safetensors": save_safetensors,
    ".parquet": save_parquet,
}
