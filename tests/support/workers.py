"""The program of the processes in the tests of ``fit_sharded``.

Four processes fit, report errors and, at the end, two of them fail.
"""

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
    Shard,
    Strategy,
    solve_restarts,
)
from sklearn_turtle.distributed import fit_sharded
from sklearn_turtle.distributed._process_group import ProcessGroup
from tests.support.settings import solver_settings
from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, _ = clear_spaces(400)
# End of the rows of each process, for groups of two and of four processes.
ENDS = {2: [150, 400], 4: [3, 100, 101, 400]}
TIMEOUT = 2.0  # seconds

# Parameters of the fits that must give the same result in several processes as in one.
SHORT = {"max_iter": 20, "polish_iter": 4, "n_init": 3, "precision": "float32"}
FITS = {
    "averages": SHORT,
    "all rows": {**SHORT, "n_neighbors": 0},
    "mini-batches": {**SHORT, "n_neighbors": 0, "batch_size": 64},
    "known sizes": {
        **SHORT,
        "n_neighbors": 0,
        "batch_size": 64,
        "cluster_prior": 0.3,
        "inner_start": "cold",
    },
    "unscaled": {
        **SHORT,
        "max_iter": 30,
        "batch_size": 64,
        "cluster_prior": "uniform",
        "scaling": None,
        "n_components": None,
        "n_neighbors": 0,
        "inner_start": "warm",
        "inner_steps": 3,
        "inner_lr": 0.01,
    },
}


def rows_of(rank, n_processes):
    """Return the slice of the rows of one process."""
    return slice([0, *ENDS[n_processes]][rank], ENDS[n_processes][rank])


def solve_in_float64(matrices, processes=ALONE):
    """Return the weights that the solver finds in float64."""
    shard = Shard(len(matrices[0]), processes)
    spaces = [
        FeatureSpace(torch.from_numpy(x).double(), dtype=torch.float64, scale=5.0, shard=shard)
        for x in matrices
    ]
    search = solver_settings(4, n_restarts=3, max_iter=20, batch_size=64, dtype=torch.float64)
    strategy = Strategy(search, polish_iter=4, sizes_known=False, n_components=None, n_neighbors=0)
    solution = solve_restarts(spaces, strategy, Draws(0))
    return [weight.numpy() for weight in solution.model.weights]


def run(rank, folder):
    """Run one of the four processes and write its outcomes to ``{rank}.pickle``."""
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
    for n_processes, group in ((2, pair), (4, None)):
        if rank < n_processes:
            outcomes |= outcomes_of_fits(rank, n_processes, group)
    if rank < 2:
        own = [x[rows_of(rank, 2)] for x in SPACES]
        outcomes |= outcomes_of_different_processes(rank, own, pair, folder)
        outcomes["errors"] = {
            name: error_of(call) for name, call in calls_that_fail(rank, own, pair).items()
        }
    write_outcomes(rank, folder, outcomes)
    dist.barrier()
    outcomes["fault"] = outcome_of_fault(rank, pairs[rank // 2])
    write_outcomes(rank, folder, outcomes)
    # A regular exit would wait for the processes that have failed.
    os._exit(0)


def write_outcomes(rank, folder, outcomes):
    with open(f"{folder}/{rank}.part", "wb") as file:
        pickle.dump(outcomes, file)
    os.replace(f"{folder}/{rank}.part", f"{folder}/{rank}.pickle")


def outcomes_of_fits(rank, n_processes, group):
    """Run all FITS and the solver on the rows of this process."""
    own = [x[rows_of(rank, n_processes)] for x in SPACES]
    outcomes = {
        (name, n_processes): vars(fit_sharded(small_turtle(**parameters), own, process_group=group))
        for name, parameters in FITS.items()
    }
    outcomes["float64", n_processes] = solve_in_float64(own, ProcessGroup(group))
    return outcomes


def outcomes_of_different_processes(rank, own, group, folder):
    """Run fits in which the two processes differ in a permitted way."""
    streamed = own
    if rank == 1:
        for k, x in enumerate(own):
            np.save(f"{folder}/space{k}.npy", x)
        streamed = [np.load(f"{folder}/space{k}.npy", mmap_mode="r") for k in range(len(own))]
    fits = {
        "streamed by one": (small_turtle(**FITS["mini-batches"]), streamed),
        "random states": (small_turtle(**{**SHORT, "random_state": rank}), own),
    }
    outcomes = {
        name: vars(fit_sharded(turtle, x, process_group=group))
        for name, (turtle, x) in fits.items()
    }
    end_step = FitProgress.end_step
    if rank == 1:
        FitProgress.end_step = lambda self, step, losses, model: step == 6
    turtle = small_turtle(**FITS["all rows"])
    outcomes["ended by one"] = vars(fit_sharded(turtle, own, process_group=group))
    FitProgress.end_step = end_step
    return outcomes


def calls_that_fail(rank, own, group):
    """Return fits that raise in both processes."""
    fit = partial(fit_sharded, process_group=group)
    with_nan = [own[0].copy(), own[1]]
    if rank == 1:
        with_nan[0][7, 2] = np.nan
    other_widths = own if rank == 0 else [own[0][:, 1:], own[1]]
    return {
        "not finite": partial(fit, small_turtle(), with_nan),
        "no rows": partial(fit, small_turtle(), own if rank == 0 else [x[:0] for x in own]),
        "widths": partial(fit, small_turtle(), other_widths),
        "parameters": partial(fit, small_turtle(gamma=10 - rank), own),
        "invalid": partial(fit, small_turtle(gamma=-1), own),
        "auto": partial(fit, small_turtle(n_clusters="auto"), own),
        "constant": partial(fit, small_turtle(), [np.ones_like(own[0]), own[1]]),
        "too few": partial(fit, small_turtle(n_clusters=401), own),
    }


def outcome_of_fault(rank, group):
    """Fit while process 1 is killed in the first step and process 3 stops responding."""
    fault = {1: signal.SIGKILL, 3: signal.SIGSTOP}.get(rank)
    if fault is not None:
        FitProgress.begin_step = lambda progress: os.kill(os.getpid(), fault)
    own = [x[rows_of(rank, 4)] for x in SPACES]
    turtle = small_turtle(**FITS["all rows"])
    start = time.perf_counter()
    error = error_of(partial(fit_sharded, turtle, own, process_group=group))
    return error, time.perf_counter() - start, hasattr(turtle, "labels_")


def error_of(call):
    """Return the exception that a call raises, or None."""
    try:
        call()
    except Exception as error:
        return error
    return None
