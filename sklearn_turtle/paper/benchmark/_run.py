"""Running a benchmark: every method on every dataset from every seed, resumed where it stopped."""

from functools import lru_cache
from pathlib import Path

from sklearn_turtle.paper.benchmark._cells import Cell, read_record, run_cell, write_record
from sklearn_turtle.paper.benchmark._features import find_layout, read_task
from sklearn_turtle.paper.benchmark._methods import Method, known_methods, parse_method
from sklearn_turtle.paper.benchmark._results import BenchmarkResults
from sklearn_turtle.paper.benchmark._tables import write_tables

DEFAULT_METHODS = ("turtle", "turtle-1", "kmeans", "linear-probe")


def run_benchmark(
    features,
    output,
    *,
    methods=DEFAULT_METHODS,
    datasets=None,
    spaces=None,
    seeds=(0,),
    turtle_parameters=None,
    verbose=0,
):
    """Run methods on precomputed features of datasets, and write tables.

    Methods are fitted on the rows of "train" and scored on those of "val". Each method, dataset
    and seed is a cell. The record of a cell is written once it is done, and a cell that is done is
    not run again: a benchmark that was stopped goes on where it was when it is started again. A
    cell that fails is recorded with its error, and the others go on.

    Parameters
    ----------
    features : str or Path
        Folder of features: either ``representations/SPACE/DATASET_{train,val}.npy`` and
        ``labels/DATASET_{train,val}.npy``, as the authors' released code writes them, with
        embeddings of the classes, where there are any, in ``text/SPACE/DATASET.npy``; or
        ``DATASET/SPACE.npy`` and ``DATASET/labels.npy``, of which methods are fitted and scored
        on the same rows; those that have labels are fitted on four fifths of them, drawn at
        random, and scored on the others.
    output : str or Path
        Folder to write to: a record a cell in ``cells``, and the tables ``results.md``,
        ``results.csv`` and ``results.json``, which are brought up to date after each dataset.
    methods : sequence of str or Method, default=("turtle", "turtle-1", "kmeans", "linear-probe")
        What to run. A name that ends in "-1" stands for the method on each space by itself.
    datasets : sequence of str or None, default=None
        Names of the datasets; None for all that there are.
    spaces : sequence of str or None, default=None
        Names of the spaces; None for all that a dataset has.
    seeds : sequence of int, default=(0,)
        Seeds of the methods; tables give the mean over them.
    turtle_parameters : dict or None, default=None
        Parameters of TurtleClustering that differ from its defaults.
    verbose : int, default=0
        1 prints a line for each cell.

    Returns
    -------
    BenchmarkResults
        Of all cells that were asked for.

    Raises
    ------
    ValueError
        If the folder holds no features, or there is no such method, dataset or space.
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
    known = known_methods(turtle_parameters)
    methods = [m if isinstance(m, Method) else parse_method(m, known) for m in methods]
    datasets = _chosen("dataset", datasets, layout.datasets())
    if spaces is not None:
        there = {space for dataset in layout.datasets() for space in layout.spaces(dataset)}
        spaces = _chosen("space", spaces, sorted(there))
    plan = {name: _cells(layout, name, methods, spaces, seeds) for name in datasets}
    n_cells = sum(len(cells) for cells in plan.values())
    if n_cells == 0:
        raise ValueError("There is nothing to run: no dataset has what the methods need.")
    records: list[dict] = []
    for cells in plan.values():
        # the cells of a dataset share what is read
        read = lru_cache(maxsize=None)(lambda *which: read_task(layout, *which))
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


def _cells(layout, dataset, methods, spaces, seeds):
    """The cells of a dataset; methods in turn, so that a noisy machine is noisy for all."""
    if spaces is None:
        spaces = layout.spaces(dataset)
    return [
        Cell(method, dataset, of_cell, seed)
        for seed in seeds
        for method in methods
        for of_cell in _spaces_of_cells(layout, dataset, method, spaces)
    ]


def _spaces_of_cells(layout, dataset, method, spaces):
    if method.supervision == "class names":
        spaces = [s for s in spaces if layout.class_embeddings_file(s, dataset).exists()]
    elif not method.one_space:
        return [tuple(spaces)]
    return [(space,) for space in spaces]


def _chosen(what, names, there):
    if names is None:
        return there
    unknown = [name for name in names if name not in there]
    if unknown:
        raise ValueError(f"There is no {what} {unknown[0]!r}; there are {', '.join(there)}.")
    return list(names)


def _print_progress(number, n_cells, record, done_before):
    if record["error"] is not None:
        outcome = f"failed: {record['error']}"
    else:
        outcome = f"accuracy {record['accuracy']:.3f}, {record['seconds']:.1f} s"
    before = " (done before)" if done_before else ""
    about = f"{record['dataset']}, {record['label']}, seed {record['seed']}"
    print(f"[{number:{len(str(n_cells))}}/{n_cells}] {about}: {outcome}{before}", flush=True)
