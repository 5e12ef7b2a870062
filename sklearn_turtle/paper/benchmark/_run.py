"""Run a benchmark: every method on every dataset with every seed, resumable."""

import os
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from sklearn_turtle.paper.benchmark._cells import Cell, Record, run_cell
from sklearn_turtle.paper.benchmark._layouts import Layout, find_layout
from sklearn_turtle.paper.benchmark._methods import Method, known_methods, parse_method
from sklearn_turtle.paper.benchmark._records import read_record, write_record
from sklearn_turtle.paper.benchmark._results import BenchmarkResults
from sklearn_turtle.paper.benchmark._tables import write_tables
from sklearn_turtle.paper.benchmark._tasks import read_task

DEFAULT_METHODS = ("turtle", "turtle-1", "kmeans", "linear-probe")


def run_benchmark(
    features: os.PathLike[str] | str,
    output: os.PathLike[str] | str,
    *,
    methods: Sequence[str | Method] = DEFAULT_METHODS,
    datasets: Sequence[str] | None = None,
    spaces: Sequence[str] | None = None,
    seeds: Sequence[int] = (0,),
    turtle_parameters: Mapping[str, Any] | None = None,
    verbose: int = 0,
) -> BenchmarkResults:
    """Run methods on precomputed features of datasets, and write tables.

    Methods are fitted on the rows of "train" and scored on those of "val". Each combination of a
    method, its spaces, a dataset and a seed is a cell. When a cell is done, its record is written.
    Cells with a record do not run again, so a benchmark that was interrupted resumes where it
    stopped. If a cell fails, its error is recorded, and the other cells still run.

    Parameters
    ----------
    features : str or path-like
        Folder of features, in one of two layouts. The layout of the authors' released code is
        ``representations/SPACE/DATASET_{train,val}.npy`` and ``labels/DATASET_{train,val}.npy``,
        with optional class embeddings in ``text/SPACE/DATASET.npy``. The other layout is
        ``DATASET/SPACE.npy`` and ``DATASET/labels.npy``, with optional class embeddings in
        ``DATASET/text/SPACE.npy``. It has no splits: methods are fitted and scored on the same
        rows. Methods with labels are fitted on a random four fifths of the rows and scored on the
        others.
    output : str or path-like
        Output folder: one record per cell in ``cells``, and the tables ``results.md``,
        ``results.csv`` and ``results.json``, which are updated after each dataset.
    methods : sequence of str or Method, default=("turtle", "turtle-1", "kmeans", "linear-probe")
        Methods to run. A name that ends in "-1" is the method on each space separately.
    datasets : sequence of str or None, default=None
        Names of the datasets; None for all.
    spaces : sequence of str or None, default=None
        Names of the spaces; None for all spaces of each dataset.
    seeds : sequence of int, default=(0,)
        Seeds of the methods. The tables show the mean over the seeds.
    turtle_parameters : dict or None, default=None
        Parameters of TurtleClustering that differ from the defaults.
    verbose : int, default=0
        1 prints one line per cell.

    Returns
    -------
    BenchmarkResults
        The results of all requested cells.

    Raises
    ------
    ValueError
        If the folder contains no features; if a method, dataset or space is unknown; or if there
        is no cell to run.
    OSError
        If the output cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_turtle.paper.benchmark import run_benchmark
    >>> X, y = load_iris(return_X_y=True)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     iris = Path(folder, "features", "iris")
    ...     iris.mkdir(parents=True)
    ...     np.save(iris / "flowers.npy", X)
    ...     np.save(iris / "labels.npy", y)
    ...     results = run_benchmark(iris.parent, Path(folder, "output"), methods=["kmeans"])
    >>> results.score("accuracy").shape  # datasets, methods
    (1, 1)
    """
    layout = find_layout(features)
    plan = _plan_cells(layout, methods, datasets, spaces, seeds, turtle_parameters)
    n_cells = sum(len(cells) for cells in plan)
    if n_cells == 0:
        raise ValueError("nothing to run: no dataset has the files that the methods need")
    records: list[Record] = []
    for cells in plan:
        read = cache(partial(read_task, layout))  # the cells of a dataset share its files
        for cell in cells:
            record = read_record(cell, layout, output)
            done_before = record is not None
            if record is None:
                record = run_cell(cell, layout, read)
                write_record(record, cell, output)
            records.append(record)
            if verbose:
                _print_progress(len(records), n_cells, record, done_before)
        results = BenchmarkResults(records)
        write_tables(results, Path(output))
    return results


def _plan_cells(
    layout: Layout,
    methods: Sequence[str | Method],
    datasets: Sequence[str] | None,
    spaces: Sequence[str] | None,
    seeds: Sequence[int],
    turtle_parameters: Mapping[str, Any] | None,
) -> list[list[Cell]]:
    """List the cells of each dataset.

    For each seed, all methods run in turn, so that other load on the machine affects all of them.
    """
    known = known_methods(turtle_parameters)
    chosen = [m if isinstance(m, Method) else parse_method(m, known) for m in methods]
    datasets = _checked("dataset", datasets, layout.datasets())
    if spaces is not None:
        available = {space for dataset in layout.datasets() for space in layout.spaces(dataset)}
        spaces = _checked("space", spaces, sorted(available))
    return [
        [
            Cell(method, dataset, of_cell, seed)
            for seed in seeds
            for method in chosen
            for of_cell in _spaces_of_cells(
                layout, dataset, method, layout.spaces(dataset) if spaces is None else spaces
            )
        ]
        for dataset in datasets
    ]


def _spaces_of_cells(
    layout: Layout, dataset: str, method: Method, spaces: Sequence[str]
) -> list[tuple[str, ...]]:
    """Spaces of each cell of a method on a dataset."""
    if method.supervision == "class names":
        spaces = [s for s in spaces if layout.class_embeddings_file(s, dataset).exists()]
    elif not method.one_space:
        return [tuple(spaces)]
    return [(space,) for space in spaces]


def _checked(kind: str, names: Sequence[str] | None, available: Sequence[str]) -> list[str]:
    """Check names of datasets or spaces; None selects all that are available."""
    if names is None:
        return list(available)
    unknown = [name for name in names if name not in available]
    if unknown:
        raise ValueError(f"unknown {kind} {unknown[0]!r}; choose from {', '.join(available)}")
    return list(names)


def _print_progress(number: int, n_cells: int, record: Record, done_before: bool) -> None:
    if record["error"] is not None:
        outcome = f"failed: {record['error']}"
    else:
        outcome = f"accuracy {record['accuracy']:.3f}, {record['seconds']:.1f} s"
    before = " (done before)" if done_before else ""
    cell = f"{record['dataset']}, {record['label']}, seed {record['seed']}"
    print(f"[{number:{len(str(n_cells))}}/{n_cells}] {cell}: {outcome}{before}", flush=True)
