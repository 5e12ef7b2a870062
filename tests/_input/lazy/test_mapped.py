"""Memory maps are read, and their pages do not stay in the memory of the process."""

import re
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_turtle._input.lazy._mapped import MappedMatrix, mapping_of
from tests.support.containers import mapped


def resident_mib(path):
    """How much of a mapped file is in the memory of this process."""
    with open("/proc/self/smaps") as file:
        text = file.read()
    mappings = text[text.index(str(path)) :]
    return int(re.search(r"^Rss: +(\d+) kB", mappings, re.MULTILINE)[1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_pages_are_released_during_a_pass(tmp_path):
    x = mapped(np.ones((50_000, 64), np.float32), tmp_path)  # 12 MiB
    path = tmp_path / "x.npy"
    matrix = MappedMatrix(x)
    for start in range(0, 50_000, 1000):
        assert matrix.read(slice(start, start + 1000)).sum() == 64_000
        if start % 10_000 == 0:
            assert resident_mib(path) < 1
    matrix.take(np.random.default_rng(0).permutation(50_000))
    assert resident_mib(path) < 1
    assert x.sum() == 64 * 50_000
    assert resident_mib(path) > 10  # without releasing them


@pytest.mark.parametrize("mode", ["r", "r+", "c"])
def test_changes_are_not_lost(mode, tmp_path):
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
    matrix = MappedMatrix(mapped(x, tmp_path)[view])
    rows = np.random.default_rng(1).integers(len(matrix), size=700)
    assert_array_equal(matrix.take(rows), x[view][rows])


def test_views_with_negative_strides(tmp_path):
    x = np.arange(60.0).reshape(20, 3)
    matrix = MappedMatrix(mapped(x, tmp_path)[::-1, ::-1])
    assert_array_equal(matrix.take(np.array([3, 1])), x[::-1, ::-1][[3, 1]])
    assert_array_equal(matrix.read(slice(2, 9)), x[::-1, ::-1][2:9])


def test_maps_of_views(tmp_path):
    x = mapped(np.arange(60.0).reshape(20, 3), tmp_path)
    view = np.asarray(x)[2:, ::2]
    assert mapping_of(view) is not None
    assert_array_equal(MappedMatrix(view).read(slice(1, 4)), x[3:6, ::2])
    assert mapping_of(np.zeros(3)) is None
    assert mapping_of(np.array(x)) is None
