"""A fit with default settings needs little memory in addition to the features."""

import subprocess
import sys

import pytest
import torch

from sklearn_turtle._input._device import select_precision

BASE_MIB = 225
MIB_PER_CLUSTER = 0.25

FIT = """
import resource
import sys
import warnings

import numpy as np

from sklearn_turtle import TurtleClustering

warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
# more rows than the default mini-batch has
X = [rng.standard_normal((12_000, width), dtype=np.float32) for width in (256, 768)]
settings = {"max_iter": 1, "polish_iter": 1, "random_state": 0, "device": "cpu"}
settings["precision"] = sys.argv[1]


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


TurtleClustering(2, **settings).fit([x[:200] for x in X])  # loads the libraries
before = peak_mib()
for n_clusters in map(int, sys.argv[2:]):
    TurtleClustering(n_clusters, **settings).fit(X)
    print(peak_mib() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="units of the peak differ elsewhere")
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_memory_of_a_fit_is_bounded(precision):
    if precision == "bfloat16" and select_precision("auto", torch.device("cpu")) != torch.bfloat16:
        pytest.skip("this processor computes bfloat16 products slowly")
    numbers = [10, 300]
    printed = subprocess.run(
        [sys.executable, "-c", FIT, precision, *map(str, numbers)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    peaks = [float(line) for line in printed.split()]
    for n_clusters, peak in zip(numbers, peaks, strict=True):
        assert peak < BASE_MIB + MIB_PER_CLUSTER * n_clusters, peaks
