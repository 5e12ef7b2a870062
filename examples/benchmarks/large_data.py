"""Measure memory and time of a fit and a prediction on memory maps, by the number of rows.

    python examples/benchmarks/large_data.py --rows 10000 100000 1000000 10000000

The script writes two spaces of 384 and 768 features, float16, to a folder (23 GB for ten million
rows), fits and predicts each number of rows in a separate process, and prints the measurements. The
peak counts all resident memory of the process, including pages of the maps. With --memory, the rows
are also loaded into memory and fitted there. With --cold, the files are dropped from the cache of
the system before each fit and each prediction.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

WIDTHS = (384, 768)
WRITTEN_ROWS = 20_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--folder", type=Path, help="where to make the folder of the files")
    parser.add_argument("--sorted", action="store_true", help="sort the rows by cluster")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure is not None:
        print(json.dumps(measure(arguments.folder, **json.loads(arguments.measure))))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for n_rows in arguments.rows:
            write_spaces(Path(folder), n_rows, arguments.clusters, arguments.sorted)
            for seed in range(arguments.seeds):
                for where in ["map", "memory"] if arguments.memory else ["map"]:
                    task = {
                        "where": where,
                        "n_clusters": arguments.clusters,
                        "seed": seed,
                        "cold": arguments.cold,
                    }
                    command = [sys.executable, __file__, "--folder", folder]
                    printed = subprocess.run(
                        [*command, "--measure", json.dumps(task)],
                        check=True,
                        stdout=subprocess.PIPE,
                    ).stdout
                    print(json.dumps({"rows": n_rows, **task, **json.loads(printed)}), flush=True)


def write_spaces(folder, n_rows, n_clusters, is_sorted):
    """Write noisy clusters to space0.npy, space1.npy and y.npy, in blocks of rows."""
    rng = np.random.default_rng(0)
    y = rng.integers(n_clusters, size=n_rows, dtype=np.int32)
    if is_sorted:
        y.sort()
    np.save(folder / "y.npy", y)
    for k, width in enumerate(WIDTHS):
        centers = rng.standard_normal((n_clusters, width), dtype=np.float32)
        # sums of stored rows serve as noise, and are much faster than fresh noise
        bank = 4 * rng.standard_normal((5000, width), dtype=np.float32)
        X = np.lib.format.open_memmap(
            folder / f"space{k}.npy", "w+", dtype=np.float16, shape=(n_rows, width)
        )
        for start in range(0, n_rows, WRITTEN_ROWS):
            clusters = y[start : start + WRITTEN_ROWS]
            noise = bank[rng.integers(len(bank), size=(2, len(clusters)))].sum(0)
            X[start : start + WRITTEN_ROWS] = centers[clusters] + noise
            X.flush()
        del X


def measure(folder, where, n_clusters, seed, cold):
    from sklearn_turtle import TurtleClustering, predict_to_file
    from sklearn_turtle.metrics import clustering_accuracy

    files = [folder / f"space{k}.npy" for k in range(len(WIDTHS))]
    if cold:
        drop_from_cache(files)
    spaces = [np.load(file, mmap_mode="r" if where == "map" else None) for file in files]
    libraries = peak_mib()
    turtle = TurtleClustering(n_clusters, random_state=seed, device="cpu")
    start, cpu_start = perf_counter(), process_time()
    turtle.fit(spaces)
    fit_seconds, fit_cpu = perf_counter() - start, process_time() - cpu_start
    fit_mib = peak_mib()
    if cold:
        drop_from_cache(files)
    start = perf_counter()
    predict_to_file(turtle, spaces, folder / "labels.npy")
    predict_seconds = perf_counter() - start
    labels = np.load(folder / "labels.npy")
    assert np.array_equal(labels, turtle.labels_)
    result = {
        "fit_seconds": round(fit_seconds, 2),
        "fit_cpu_seconds": round(fit_cpu, 2),
        "predict_seconds": round(predict_seconds, 2),
        "mib_before": round(libraries),
        "fit_mib": round(fit_mib),
        "peak_mib": round(peak_mib()),
    }
    some = slice(None, None, max(1, len(labels) // 1_000_000))
    accuracy = clustering_accuracy(np.load(folder / "y.npy")[some], labels[some])
    return {**result, "accuracy": round(float(accuracy), 4)}


def peak_mib():
    """Return the peak resident memory of the process so far, including mapped pages."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def drop_from_cache(files):
    for file in files:
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


if __name__ == "__main__":
    main()
