"""Figures of a benchmark; they need matplotlib."""

from pathlib import Path

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle.display import ProbeComparisonDisplay
from sklearn_turtle.paper.benchmark._tables import QUOTED, quoted_by_dataset


def write_figures(results, folder):
    """Draw the figures of a benchmark.

    Parameters
    ----------
    results : BenchmarkResults
        What to draw.
    folder : str or Path
        Where to write ``accuracy.png``, ``seconds.png`` and, where there is what they show,
        ``difference_to_zero_shot.png`` and ``against_probe.png``.

    Returns
    -------
    list of Path
        What was written.

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
    # a figure of its own, which leaves pyplot's state and backend alone
    from matplotlib.figure import Figure

    drawn = {}

    def new(name, height=3.0):
        drawn[name] = Figure(figsize=(8, height), layout="constrained")
        return drawn[name].subplots()

    height = 1.5 + 0.12 * len(results.datasets) * (1 + len(results.methods))
    ax = new("accuracy.png", height)
    _draw_bars(ax, results, results.score("accuracy"), "Accuracy", "accuracy")
    difference = results.difference_to_zero_shot()
    if np.isfinite(difference).any():
        ax = new("difference_to_zero_shot.png", height)
        what = "Accuracy less that of zero-shot transfer"
        _draw_bars(ax, results, difference, what, "difference to zero-shot")
    ax = new("seconds.png", height)
    _draw_bars(ax, results, results.score("seconds"), "Seconds to fit")
    ax.set_xscale("log")
    comparison = results.compare_with_probe()
    if comparison is not None:
        ProbeComparisonDisplay(comparison).plot(new("against_probe.png", 7))
    for name, figure in drawn.items():
        with replacing(Path(folder, name)) as file:
            figure.savefig(file, format="png", dpi=150)
    return [Path(folder, name) for name in drawn]


def _draw_bars(ax, results, values, label, quantity=None):
    """A group of bars for each dataset, a bar in it for each method; marks for quoted figures."""
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
