"""One cell of a benchmark: a method in some spaces on a dataset, from one seed."""

import json
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.metrics import accuracy_score, adjusted_rand_score, normalized_mutual_info_score

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._version import __version__
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.benchmark._features import input_files, read_class_embeddings
from sklearn_turtle.paper.benchmark._methods import Method


@dataclass(frozen=True)
class Cell:
    """A method in some spaces on a dataset, from one seed.

    Parameters
    ----------
    method : Method
        What is run.
    dataset : str
        On which dataset.
    spaces : tuple of str
        In which spaces.
    seed : int
        From which seed.
    """

    method: Method
    dataset: str
    spaces: tuple
    seed: int

    @property
    def label(self):
        """Name of the method, with that of its space where it runs on each by itself."""
        name = self.method.name
        by_itself = self.method.one_space or self.method.supervision == "class names"
        return f"{name} ({self.spaces[0]})" if by_itself else name

    def file(self, output):
        """Where the record of the cell is kept."""
        spaces = "+".join(self.spaces)
        return Path(output, "cells", self.dataset, self.method.name, spaces, f"{self.seed}.json")


def read_record(cell, layout, output):
    """The record of a cell that is done, or None.

    A cell is to be done again where it failed, where a file of features or labels is another than
    it was, and where the estimator has other parameters or is of another version.
    """
    try:
        with open(cell.file(output), encoding="utf-8") as file:
            record = json.load(file)
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    expected = {"error": None} | _about(cell, layout)
    if any(record.get(key) != value for key, value in expected.items()):
        return None
    estimator = _make_estimator(cell, layout, record["n_clusters"])
    return record if _describe(estimator) == record["estimator"] else None


def run_cell(cell, layout, read_task):
    """Run a cell, whatever happens.

    Parameters
    ----------
    cell : Cell
        What to run.
    layout : ReleasedLayout or FolderLayout
        Where the features are.
    read_task : callable
        Reads the dataset in the spaces of the cell.

    Returns
    -------
    dict
        The record of the cell: scores and seconds, or the error.
    """
    record = _about(cell, layout) | {
        "label": cell.label,
        "supervision": cell.method.supervision,
        "error": None,
        "warnings": [],
    }
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            record |= _fit_and_score(cell, layout, read_task(cell.dataset, cell.spaces))
        # those that are meant for users, such as that clusters are empty
        messages = [w.message for w in caught if issubclass(w.category, UserWarning)]
        record["warnings"] = sorted({" ".join(str(message).split()) for message in messages})
    except Exception as error:  # one cell must not take the others with it
        record["error"] = _describe_error(error, cell, layout)
        record["traceback"] = traceback.format_exc()
    return record


def write_record(record, cell, output):
    """Keep the record of a cell; at no time is there half of one."""
    file = cell.file(output)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(record, file)


def write_json(content, path):
    """Write a JSON file, atomically."""
    with replacing(path) as file:
        file.write(json.dumps(content, indent=1).encode())


def _about(cell, layout):
    """What tells a cell from others, and from itself at another time."""
    files = (file for file in input_files(layout, cell.dataset, cell.spaces) if file.exists())
    return {
        "method": cell.method.name,
        "dataset": cell.dataset,
        "spaces": list(cell.spaces),
        "seed": cell.seed,
        "splits": list(layout.splits),
        "version": __version__,
        "inputs": {str(f): [f.stat().st_size, f.stat().st_mtime_ns] for f in files},
    }


def _make_estimator(cell, layout, n_clusters):
    if cell.method.supervision == "class names":
        embeddings = read_class_embeddings(layout, cell.dataset, cell.spaces[0], n_clusters)
        return cell.method.make(embeddings, cell.seed)
    return cell.method.make(n_clusters, cell.seed)


def _fit_and_score(cell, layout, task):
    supervision = cell.method.supervision
    n_clusters = task.n_clusters
    estimator = _make_estimator(cell, layout, n_clusters)
    description = _describe(estimator)
    if supervision == "labels":
        task = task.for_labels(cell.seed)
    start = perf_counter()
    estimator.fit(task.train, task.train_labels if supervision == "labels" else None)
    fitted = perf_counter()
    predicted = estimator.predict(task.val)
    end = perf_counter()
    if supervision == "class names":  # are numbers of rows of the embeddings
        predicted = np.unique(task.train_labels)[predicted]
    # predictions of a method that knows the classes are classes; others are clusters
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


def _describe(estimator):
    return " ".join(repr(estimator).split())


def _describe_error(error, cell, layout):
    """The error in one line, with the files that it may be about."""
    message = " ".join(str(error).split())
    if isinstance(error, FileError):  # names the file
        return message
    files = ", ".join(
        f"{space} = {layout.features_file(space, cell.dataset, layout.splits[0])}"
        for space in cell.spaces
    )
    return f"{type(error).__name__}: {message} (spaces: {files})"
