"""Draw the figures of a benchmark with matplotlib."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._extras import import_extra
from sklearn_turtle.display import ProbeComparisonDisplay
from sklearn_turtle.paper.benchmark._markdown import QUOTED
from sklearn_turtle.paper.benchmark._quoted import quoted_by_dataset
from sklearn_turtle.paper.benchmark._results import BenchmarkResults


def write_figures(results: BenchmarkResults, folder: os.PathLike[str] | str) -> list[Path]:
    """Draw the figures of a benchmark.

    Parameters
    ----------
    results : BenchmarkResults
        The results to draw.
    folder : str or path-like
        Folder for ``accuracy.png`` and ``seconds.png``; for ``difference_to_zero_shot.png``, if
        zero-shot transfer ran; and for ``against_probe.png``, if TURTLE and the linear probe ran.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ImportError
        If matplotlib is missing: ``pip install "sklearn-turtle[plot]"``.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn_turtle.paper.benchmark import BenchmarkResults, write_figures
    >>> cell = {"dataset": "pets", "method": "kmeans", "label": "kmeans", "error": None}
    >>> scores = {"seed": 0, "accuracy": 0.5, "seconds": 1.0, "spaces": ["clip"]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_figures(BenchmarkResults([cell | scores]), folder)
    >>> [file.name for file in files]
    ['accuracy.png', 'seconds.png']
    """
    # Figures that do not go through pyplot leave its state and its backend unchanged.
    import_extra("matplotlib.figure", "matplotlib", "plot", "A figure")
    from matplotlib.figure import Figure

    figures = {}

    def new_axes(name: str, height: float) -> Any:
        figures[name] = Figure(figsize=(8, height), layout="constrained")
        return figures[name].subplots()

    height = 1.5 + 0.12 * len(results.datasets) * (1 + len(results.methods))
    ax = new_axes("accuracy.png", height)
    _draw_bars(ax, results, results.score("accuracy"), "Accuracy", "accuracy")
    difference = results.difference_to_zero_shot()
    if np.isfinite(difference).any():
        ax = new_axes("difference_to_zero_shot.png", height)
        label = "Accuracy minus that of zero-shot transfer"
        _draw_bars(ax, results, difference, label, "difference to zero-shot")
    ax = new_axes("seconds.png", height)
    _draw_bars(ax, results, results.score("seconds"), "Seconds to fit")
    ax.set_xscale("log")
    comparison = results.compare_with_probe()
    if comparison is not None:
        ProbeComparisonDisplay(comparison).plot(new_axes("against_probe.png", 7))
    for name, figure in figures.items():
        with replacing(Path(folder, name)) as file:
            figure.savefig(file, format="png", dpi=150)
    return [Path(folder, name) for name in figures]


def _draw_bars(
    ax: Any,
    results: BenchmarkResults,
    values: np.ndarray,
    label: str,
    quantity: str | None = None,
) -> None:
    """Draw a group of bars per dataset with one bar per method, and mark quoted figures."""
    n_methods = len(results.methods)
    places = np.arange(len(results.datasets))
    for column, method in enumerate(results.methods):
        offset = (column - (n_methods - 1) / 2) * 0.8 / n_methods
        ax.barh(places + offset, values[:, column], 0.8 / n_methods, label=method)
    quoted = quoted_by_dataset(results, quantity)
    if quoted:
        rows = [results.datasets.index(dataset) for dataset in quoted]
        marks = {"marker": "D", "facecolor": "none", "edgecolor": "black", "zorder": 3}
        ax.scatter(list(quoted.values()), rows, label=QUOTED, **marks)
    ax.margins(y=0.01)
    ax.set(yticks=places, yticklabels=results.datasets, xlabel=label)
    ax.invert_yaxis()
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
