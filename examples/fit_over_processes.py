"""
One fit over several processes
==============================

Each process holds a part of the rows, and all of them end with the labeling that one process would
find for all rows. ``torchrun`` starts the processes, on one machine or on several, with one GPU
each if there are GPUs::

    torchrun --nproc-per-node 2 examples/fit_over_processes.py

If you start the script with ``python``, a single process runs the fit.
"""

from datetime import timedelta

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.distributed import fit_sharded
from sklearn_turtle.metrics import clustering_accuracy

if dist.is_torchelastic_launched():
    # if a process does not answer within the timeout, the fit of all processes ends with an error
    dist.init_process_group(
        "nccl" if torch.cuda.is_available() else "gloo", timeout=timedelta(minutes=5)
    )
else:
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
rank, n_processes = dist.get_rank(), dist.get_world_size()
if dist.get_backend() == "nccl":
    torch.cuda.set_device(dist.get_node_local_rank())

# %%
# Every process reads only its own rows: in this example every n-th row. With data on disk, give
# each process its own files.
X, digits = load_digits(return_X_y=True)
X, digits = X[rank::n_processes], digits[rank::n_processes]

turtle = fit_sharded(TurtleClustering(n_clusters=10, random_state=0), X)

# %%
# ``labels_`` holds the labels of the process's own rows; the labeling is the same in all processes.
accuracy = clustering_accuracy(digits, turtle.labels_)
print(f"process {rank} of {n_processes}: {len(X)} rows, accuracy {accuracy:.3f}", flush=True)
dist.destroy_process_group()
