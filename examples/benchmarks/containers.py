"""Time a fit and a prediction on the same rows in several containers.

    python examples/benchmarks/containers.py --rows 200000

Needs zarr, h5py, pyarrow and dask. The data are one space of 384 features, float16.
"""

import argparse
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import dask.array
import h5py
import numpy as np
import pyarrow
import pyarrow.parquet
import zarr

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy

WIDTH, N_CLUSTERS = 384, 10
CHUNK_ROWS = 2000
GROUP_ROWS = 20_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    y = rng.integers(N_CLUSTERS, size=arguments.rows)
    X = rng.standard_normal((N_CLUSTERS, WIDTH), dtype=np.float32)[y]
    X = (X + 5 * rng.standard_normal(X.shape, dtype=np.float32)).astype(np.float16)
    print("| container | fit, s | CPU, s | predict, s | CPU, s | accuracy |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, spaces in containers(X, Path(folder)):
            turtle = TurtleClustering(N_CLUSTERS, random_state=0, device="cpu")
            _, *fit_times = timed(turtle.fit, spaces)
            labels, *predict_times = timed(lambda: np.asarray(turtle.predict(spaces)))  # noqa: B023
            seconds = " | ".join(f"{value:.1f}" for value in (*fit_times, *predict_times))
            accuracy = clustering_accuracy(y, labels)
            print(f"| {name} | {seconds} | {accuracy:.3f} |", flush=True)


def containers(X, folder):
    yield "array in memory", [X]
    np.save(folder / "x.npy", X)
    yield "memory map", [np.load(folder / "x.npy", mmap_mode="r")]
    chunks = (CHUNK_ROWS, WIDTH)
    with h5py.File(folder / "x.h5", "w") as file:
        yield (
            f"HDF5, chunks of {CHUNK_ROWS} rows",
            [file.create_dataset("x", data=X, chunks=chunks)],
        )
    array = zarr.create_array(folder / "x.zarr", data=X, chunks=chunks)
    yield f"Zarr, chunks of {CHUNK_ROWS} rows, compressed", [array]
    lists = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(X.ravel()), WIDTH)
    pyarrow.parquet.write_table(
        pyarrow.table({"x": lists}), folder / "x.parquet", row_group_size=GROUP_ROWS
    )
    yield (
        f"Parquet, groups of {GROUP_ROWS} rows",
        [pyarrow.parquet.ParquetFile(folder / "x.parquet")],
    )
    yield (
        f"Dask, blocks of {GROUP_ROWS} rows, of a memory map",
        [dask.array.from_array(np.load(folder / "x.npy", mmap_mode="r"), chunks=(GROUP_ROWS, -1))],
    )


def timed(call, *args):
    start, cpu_start = perf_counter(), process_time()
    result = call(*args)
    return result, perf_counter() - start, process_time() - cpu_start


if __name__ == "__main__":
    main()
