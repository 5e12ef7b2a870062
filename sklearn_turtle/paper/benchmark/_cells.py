"""One cell of a benchmark: a method in some spaces on a dataset, with one seed."""

import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, adjusted_rand_score, normalized_mutual_info_score

from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._version import __version__
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.benchmark._layouts import Layout
from sklearn_turtle.paper.benchmark._methods import Method
from sklearn_turtle.paper.benchmark._tasks import Task, read_class_embeddings

Record = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """A method in some spaces on a dataset, with one seed.

    Parameters
    ----------
    method : Method
        The method.
    dataset : str
        Name of the dataset.
    spaces : tuple of str
        Names of the spaces.
    seed : int
        Seed of the method.
    """

    method: Method
    dataset: str
    spaces: tuple[str, ...]
    seed: int

    @property
    def label(self) -> str:
        """Name of the method, followed by the space if the method runs on each separately."""
        name = self.method.name
        separately = self.method.one_space or self.method.supervision == "class names"
        return f"{name} ({self.spaces[0]})" if separately else name

    def make_estimator(self, layout: Layout, n_clusters: int) -> Any:
        """Create the estimator, for a dataset with ``n_clusters`` classes."""
        if self.method.supervision == "class names":
            embeddings = read_class_embeddings(layout, self.dataset, self.spaces[0], n_clusters)
            return self.method.make(embeddings, self.seed)
        return self.method.make(n_clusters, self.seed)

    def identity(self, layout: Layout) -> Record:
        """Entries of a record that identify the cell, its input files and the version."""
        stats = [(str(f), f.stat()) for f in layout.existing_files(self.dataset, self.spaces)]
        return {
            "method": self.method.name,
            "dataset": self.dataset,
            "spaces": list(self.spaces),
            "seed": self.seed,
            "splits": list(layout.splits),
            "version": __version__,
            "inputs": {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats},
        }


def run_cell(
    cell: Cell, layout: Layout, read_task: Callable[[str, tuple[str, ...]], Task]
) -> Record:
    """Run a cell, and record its error if it fails.

    Parameters
    ----------
    cell : Cell
        The cell to run.
    layout : Layout
        Names of the files.
    read_task : callable
        ``read_task(dataset, spaces)`` reads the dataset of the cell.

    Returns
    -------
    dict
        The record of the cell: scores and seconds, or the error.
    """
    record = cell.identity(layout) | {
        "label": cell.label,
        "supervision": cell.method.supervision,
        "error": None,
        "warnings": [],
    }
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            record |= _fit_and_score(cell, layout, read_task(cell.dataset, cell.spaces))
        # Only warnings meant for users are recorded, such as those about empty clusters.
        messages = [w.message for w in caught if issubclass(w.category, UserWarning)]
        record["warnings"] = sorted({_one_line(message) for message in messages})
    except Exception as error:  # other cells must still run
        record["error"] = _describe_error(error, cell, layout)
        record["traceback"] = traceback.format_exc()
    return record


def describe_estimator(estimator: Any) -> str:
    """Describe an estimator and its parameters in one line."""
    return _one_line(repr(estimator))


def _fit_and_score(cell: Cell, layout: Layout, task: Task) -> Record:
    supervision = cell.method.supervision
    n_clusters = task.n_clusters
    estimator = cell.make_estimator(layout, n_clusters)
    description = describe_estimator(estimator)
    if supervision == "labels":
        task = task.for_labels(cell.seed)
    start = perf_counter()
    estimator.fit(task.train, task.train_labels if supervision == "labels" else None)
    fitted = perf_counter()
    predicted = estimator.predict(task.val)
    end = perf_counter()
    if supervision == "class names":  # the predictions are row numbers of the class embeddings
        predicted = np.unique(task.train_labels)[predicted]
    # Methods with class names or labels predict classes, the others predict clusters.
    accuracy = clustering_accuracy if supervision == "none" else accuracy_score
    return {
        "estimator": description,
        "n_clusters": n_clusters,
        "n_train": len(task.train_labels),
        "n_val": len(task.val_labels),
        "accuracy": float(accuracy(task.val_labels, predicted)),
        "NMI": float(normalized_mutual_info_score(task.val_labels, predicted)),
        "ARI": float(adjusted_rand_score(task.val_labels, predicted)),
        "seconds": fitted - start,
        "predict_seconds": end - fitted,
    }


def _describe_error(error: Exception, cell: Cell, layout: Layout) -> str:
    """Describe an error in one line, with the feature files that may have caused it."""
    message = _one_line(error)
    if isinstance(error, FileError):  # names its file
        return message
    files = ", ".join(
        f"{space} = {layout.features_file(space, cell.dataset, layout.splits[0])}"
        for space in cell.spaces
    )
    return f"{type(error).__name__}: {message} (spaces: {files})"


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
