"""What commands print."""

from time import perf_counter

import numpy as np

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.output import elapsed, on_one_line, print_sizes


def test_sizes(capsys):
    print_sizes(np.array([0, 0, 0, 2]), 4)
    assert capsys.readouterr().out == (
        "4 samples in 2 of 4 clusters, sizes from 0 to 3, median 0.5.\n"
    )


def test_elapsed_time():
    assert elapsed(perf_counter() - 61.0).startswith("61.")
    assert elapsed(perf_counter()).endswith(" s")


def test_estimator_on_one_line():
    turtle = TurtleClustering(n_init=11, max_iter=33, gamma=2.5, inner_steps=7, outer_lr=0.5)
    assert "\n" not in on_one_line(turtle)
    assert "n_init=11" in on_one_line(turtle)
