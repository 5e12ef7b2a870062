"""What the processes of the tests do: fits, refusals, and at last two of them fail."""

import os
import pickle
import signal
import time
from datetime import timedelta
from functools import partial

import numpy as np
import torch
import torch.distributed as dist

from sklearn_turtle._estimator._progress import FitProgress
from sklearn_turtle._solver import (
    ALONE,
    Draws,
    FeatureSpace,
    Settings,
    Shard,
    Strategy,
    solve_restarts,
)
from sklearn_turtle.distributed import fit_sharded
from sklearn_turtle.distributed._process_group import ProcessGroup
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, _ = two_spaces(400)
# where the rows of the processes end, for two of them and for four
ENDS = {2: [150, 400], 4: [3, 100, 101, 400]}
TIMEOUT = 2.0  # seconds

# parameters of the fits of which those by several processes must be those by one
SHORT = {"max_iter": 30, "polish_iter": 8, "n_init": 3, "precision": "float32"}
FITS = {
    "all rows": SHORT,
    "mini-batches": {**SHORT, "batch_size": 64},
    # batches are not so small that the polish ends in the spaces themselves, which one may stream
    "settled": {**SHORT, "batch_size": 100, "tol": 0.2},
    "known sizes": {**SHORT, "batch_size": 64, "cluster_prior": 1.0, "inner_start": "cold"},
    "as they are": {
        **SHORT,
        "batch_size": 64,
        "cluster_prior": "uniform",
        "scaling": None,
        "n_components": None,
        "inner_start": "warm",
        "inner_steps": 3,
        "inner_lr": 0.01,
    },
}


def rows_of(rank, n_processes):
    """The rows that a process holds, a slice."""
    return slice([0, *ENDS[n_processes]][rank], ENDS[n_processes][rank])


def solve_in_float64(matrices, processes=ALONE):
    """The weights that the solver finds in float64."""
    shard = Shard(len(matrices[0]), processes)
    spaces = [
        FeatureSpace(torch.from_numpy(x).double(), dtype=torch.float64, scale=5.0, shard=shard)
        for x in matrices
    ]
    search = Settings(4, 3, max_iter=25, batch_size=64, dtype=torch.float64)
    candidate = Strategy(search, polish_iter=8, sizes_known=False, n_components=None)
    solution = solve_restarts(spaces, candidate, Draws(0))
    return [weight.numpy() for weight in solution.model.weights]


def run(rank, folder):
    """Do all that a process of four does, and leave what came of it in a file."""
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/store",
        rank=rank,
        world_size=4,
        timeout=timedelta(seconds=60),
    )
    pair = dist.new_group([0, 1])
    pairs = [
        dist.new_group(ranks, timeout=timedelta(seconds=TIMEOUT)) for ranks in ([0, 1], [2, 3])
    ]
    outcomes = {}

    def tell():
        with open(f"{folder}/{rank}.part", "wb") as file:
            pickle.dump(outcomes, file)
        os.replace(f"{folder}/{rank}.part", f"{folder}/{rank}.pickle")

    for n_processes, group in ((2, pair), (4, None)):
        if rank < n_processes:
            own = [x[rows_of(rank, n_processes)] for x in SPACES]
            for name, parameters in FITS.items():
                outcomes[name, n_processes] = vars(
                    fit_sharded(small_turtle(**parameters), own, process_group=group)
                )
            outcomes["float64", n_processes] = solve_in_float64(own, ProcessGroup(group))
    if rank < 2:
        own = [x[rows_of(rank, 2)] for x in SPACES]
        outcomes |= of_one_process_only(rank, own, pair, folder)
        outcomes["refusals"] = {
            name: error_of(call) for name, call in refusals(rank, own, pair).items()
        }
    tell()
    dist.barrier()

    # process 1 dies in the middle of a fit, process 3 stops answering
    of_step = {1: signal.SIGKILL, 3: signal.SIGSTOP}.get(rank)
    if of_step is not None:
        FitProgress.begin_step = lambda progress: os.kill(os.getpid(), of_step)
    own = [x[rows_of(rank, 4)] for x in SPACES]
    start = time.perf_counter()
    turtle = small_turtle(**SHORT)
    error = error_of(partial(fit_sharded, turtle, own, process_group=pairs[rank // 2]))
    outcomes["fault"] = error, time.perf_counter() - start, hasattr(turtle, "labels_")
    tell()
    os._exit(0)  # the other processes of the group cannot take leave of this one any more


def of_one_process_only(rank, own, group, folder):
    """Fits in which one process differs where it may."""
    settled = FITS["settled"]
    streamed = own
    if rank == 1:
        for k, x in enumerate(own):
            np.save(f"{folder}/space{k}.npy", x)
        streamed = [np.load(f"{folder}/space{k}.npy", mmap_mode="r") for k in range(len(own))]
    fits = {
        "streamed by one": (small_turtle(**settled), streamed),
        "random states": (small_turtle(**{**SHORT, "random_state": rank}), own),
    }
    outcomes = {
        name: vars(fit_sharded(turtle, x, process_group=group))
        for name, (turtle, x) in fits.items()
    }
    end_step = FitProgress.end_step
    if rank == 1:
        FitProgress.end_step = lambda self, step, losses, model: step == 6
    outcomes["ended by one"] = vars(fit_sharded(small_turtle(**SHORT), own, process_group=group))
    FitProgress.end_step = end_step
    return outcomes


def refusals(rank, own, group):
    """Fits that must end in an error in both processes."""
    fit = partial(fit_sharded, process_group=group)
    bad = [own[0].copy(), own[1]]
    if rank == 1:
        bad[0][7, 2] = np.nan
    odd = own if rank == 0 else [own[0][:, 1:], own[1]]
    return {
        "not finite": partial(fit, small_turtle(), bad),
        "no rows": partial(fit, small_turtle(), own if rank == 0 else [x[:0] for x in own]),
        "widths": partial(fit, small_turtle(), odd),
        "parameters": partial(fit, small_turtle(gamma=10 - rank), own),
        "invalid": partial(fit, small_turtle(gamma=-1), own),
        "constant": partial(fit, small_turtle(), [np.ones_like(own[0]), own[1]]),
        "too few": partial(fit, small_turtle(n_clusters=401), own),
    }


def error_of(call):
    try:
        call()
    except Exception as error:
        return error
    return None
