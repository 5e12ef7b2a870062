"""The figures of a benchmark."""

import pytest

from sklearn_turtle.paper.benchmark import write_figures
from tests.support.small_benchmark import run


def test_figure_of_the_difference_to_zero_shot(folder):
    pytest.importorskip("matplotlib")
    results = run(folder, ["kmeans", "zero-shot"])
    files = write_figures(results, folder)
    assert {file.name for file in files} == {
        "accuracy.png",
        "difference_to_zero_shot.png",
        "seconds.png",
    }
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
