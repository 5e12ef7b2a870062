"""Time a fit and a prediction over the processes that torchrun starts.

    OMP_NUM_THREADS=1 torchrun --standalone --nproc-per-node 2 examples/benchmarks/processes.py

The rows are the same for every number of processes: blocks, each with its own seed.
"""

import argparse
import resource
from time import perf_counter, process_time

import numpy as np
import torch
import torch.distributed as dist

from sklearn_turtle import TurtleClustering
from sklearn_turtle.distributed import fit_sharded
from sklearn_turtle.metrics import clustering_accuracy

BLOCK_ROWS = 10_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--widths", type=int, nargs="+", default=[384, 768])
    parser.add_argument("--clusters", type=int, default=50)
    parser.add_argument("--batch-size", type=int, default=8000)
    parser.add_argument("--restarts", type=int, default=4)
    parser.add_argument("--precision", default="float32")
    arguments = parser.parse_args()

    on_gpu = torch.cuda.is_available()
    dist.init_process_group("nccl" if on_gpu else "gloo")
    if on_gpu:
        torch.cuda.set_device(dist.get_node_local_rank())
    rank, n_processes = dist.get_rank(), dist.get_world_size()
    blocks = np.array_split(np.arange(arguments.rows // BLOCK_ROWS), n_processes)[rank]
    spaces, y = make_rows(blocks, arguments)

    turtle = TurtleClustering(
        arguments.clusters,
        n_init=arguments.restarts,
        batch_size=arguments.batch_size,
        precision=arguments.precision,
        random_state=0,
    )
    fit_seconds, fit_cpu = timed(lambda: fit_sharded(turtle, spaces))
    predict_seconds, _ = timed(lambda: turtle.predict(spaces))
    if rank == 0:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{n_processes} process(es): fit {fit_seconds:.1f} s ({fit_cpu:.1f} s of CPU in the "
            f"busiest process), predict {predict_seconds:.1f} s, "
            f"accuracy {clustering_accuracy(y, turtle.labels_):.3f} on {len(y)} rows of process 0, "
            f"peak memory {peak:.1f} GiB"
        )
    dist.destroy_process_group()


def make_rows(blocks, arguments):
    """Make noisy blobs over all spaces, float16, and the cluster of each row."""
    centers = np.random.default_rng(0).standard_normal(
        (arguments.clusters, sum(arguments.widths)), dtype=np.float32
    )
    features, y = [], []
    for block in blocks:
        rng = np.random.default_rng(1 + block)
        clusters = rng.integers(arguments.clusters, size=BLOCK_ROWS)
        noise = rng.standard_normal((BLOCK_ROWS, centers.shape[1]), dtype=np.float32)
        features.append((centers[clusters] + 3 * noise).astype(np.float16))
        y.append(clusters)
    ends = np.cumsum(arguments.widths)[:-1]
    return np.split(np.concatenate(features), ends, axis=1), np.concatenate(y)


def timed(call):
    """Return the seconds of a call in the slowest process, and of CPU in the busiest."""
    dist.barrier()
    start, cpu_start = perf_counter(), process_time()
    call()
    all_cpu = [None] * dist.get_world_size()
    dist.all_gather_object(all_cpu, process_time() - cpu_start)
    return perf_counter() - start, max(all_cpu)


if __name__ == "__main__":
    main()
