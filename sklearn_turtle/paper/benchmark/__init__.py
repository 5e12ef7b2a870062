"""Benchmark of methods on precomputed features of many datasets, as in the TURTLE paper."""

from sklearn_turtle.paper.benchmark._figures import write_figures
from sklearn_turtle.paper.benchmark._methods import Method
from sklearn_turtle.paper.benchmark._quoted import QUOTED_FIGURES, QuotedFigure
from sklearn_turtle.paper.benchmark._results import BenchmarkResults
from sklearn_turtle.paper.benchmark._run import run_benchmark

__all__ = [
    "QUOTED_FIGURES",
    "BenchmarkResults",
    "Method",
    "QuotedFigure",
    "run_benchmark",
    "write_figures",
]
