"""Memory maps are read without their pages becoming memory of the process."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._mapped import MappedMatrix, mapping_of

READ = """
import sys

import numpy as np

from sklearn_turtle._input.lazy._mapped import MappedMatrix


def resident_mib():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


before = resident_mib()
matrix = MappedMatrix(np.load(sys.argv[1], mmap_mode="r"))
total = sum(matrix.read(slice(start, start + 1000)).sum() for start in range(0, 200_000, 1000))
assert total == 64 * 200_000
print(resident_mib() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_pass_over_a_map_stays_small(tmp_path):
    np.save(tmp_path / "x.npy", np.ones((200_000, 64), np.float32))  # 49 MiB
    printed = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "x.npy")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert float(printed) < 15


@pytest.mark.parametrize("mode", ["r", "r+", "c"])
def test_nothing_that_was_written_is_lost(mode, tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((5000, 3)))
    x = np.load(tmp_path / "x.npy", mmap_mode=mode)
    expected = np.zeros((5000, 3))
    if mode != "r":
        x[7, 1] = expected[7, 1] = 4.0
    matrix = MappedMatrix(x)
    for _ in range(2):
        assert_array_equal(matrix.read(slice(0, 5000)), expected)
        assert_array_equal(matrix.take(np.array([7, 0])), expected[[7, 0]])


@pytest.mark.parametrize("view", [np.s_[:, :], np.s_[5:, 3:700], np.s_[::3], np.s_[:, ::2]])
def test_scattered_rows_of_views(view, tmp_path):
    x = np.random.default_rng(0).standard_normal((3000, 800), dtype=np.float32)
    np.save(tmp_path / "x.npy", x)
    matrix = MappedMatrix(np.load(tmp_path / "x.npy", mmap_mode="r")[view])
    rows = np.random.default_rng(1).integers(len(matrix), size=700)
    assert_array_equal(matrix.take(rows), x[view][rows])


def test_views_of_maps_are_told_from_arrays(tmp_path):
    np.save(tmp_path / "x.npy", np.arange(60.0).reshape(20, 3))
    x = np.load(tmp_path / "x.npy", mmap_mode="r")
    view = np.asarray(x)[2:, ::2]
    assert mapping_of(view) is not None
    assert_array_equal(MappedMatrix(view).read(slice(1, 4)), x[3:6, ::2])
    assert mapping_of(np.zeros(3)) is None
    assert mapping_of(np.array(x)) is None
