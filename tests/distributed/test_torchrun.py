"""The example of a distributed fit, started by torchrun."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch.distributed as dist

EXAMPLE = Path(__file__).parents[2] / "examples" / "fit_over_processes.py"


@pytest.mark.skipif(not dist.is_gloo_available(), reason="torch has no gloo")
def test_example_under_torchrun():
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*torchrun, EXAMPLE],
        env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    printed = re.findall(r"process (\d) of 2: (\d+) rows, accuracy ([\d.]+)", done.stdout)
    assert sorted((rank, n_rows) for rank, n_rows, _ in printed) == [("0", "899"), ("1", "898")]
    assert min(float(accuracy) for *_, accuracy in printed) > 0.75
