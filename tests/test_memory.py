"""A fit needs little memory beside the features."""

import subprocess
import sys

import pytest

LIMIT_MIB = 500

FIT = """
import resource
import sys
import warnings

import numpy as np

from sklearn_turtle import TurtleClustering

warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
X = [rng.standard_normal((30_000, width), dtype=np.float32) for width in (256, 768)]
few_steps = {"max_iter": 2, "polish_iter": 2, "random_state": 0}
few_steps |= {"device": "cpu", "precision": sys.argv[2]}
TurtleClustering(2, **few_steps).fit([x[:200] for x in X])  # what libraries load is not the fit's


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


before = peak_mib()
TurtleClustering(int(sys.argv[1]), **few_steps).fit(X)
print(peak_mib() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="units of the peak differ elsewhere")
@pytest.mark.parametrize(
    ("n_clusters", "precision"),
    [(10, "auto"), (100, "auto"), (200, "auto"), (1000, "auto"), (1000, "float32")],
)
def test_a_default_fit_adds_at_most_500_mib(n_clusters, precision):
    printed = subprocess.run(
        [sys.executable, "-c", FIT, str(n_clusters), precision],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert float(printed) < LIMIT_MIB
