"""The records of cells, as files."""

import json
import os
from pathlib import Path
from typing import Any

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle.paper.benchmark._cells import Cell, Record, describe_estimator
from sklearn_turtle.paper.benchmark._layouts import Layout


def record_file(cell: Cell, output: os.PathLike[str] | str) -> Path:
    """File of the record of a cell in the folder of the output."""
    spaces = "+".join(cell.spaces)
    return Path(output, "cells", cell.dataset, cell.method.name, spaces, f"{cell.seed}.json")


def read_record(cell: Cell, layout: Layout, output: os.PathLike[str] | str) -> Record | None:
    """Read the record of a cell, if it is still valid.

    A cell must run again if it failed, if a file of features or labels has changed since, or if
    the estimator has other parameters or another version.

    Parameters
    ----------
    cell : Cell
        The cell.
    layout : Layout
        Names of the input files.
    output : str or path-like
        Folder of the output.

    Returns
    -------
    dict or None
        None if the cell must run.
    """
    try:
        with open(record_file(cell, output), encoding="utf-8") as file:
            record: Record = json.load(file)
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    expected = {"error": None} | cell.identity(layout)
    if any(record.get(key) != value for key, value in expected.items()):
        return None
    estimator = cell.make_estimator(layout, record["n_clusters"])
    return record if describe_estimator(estimator) == record["estimator"] else None


def write_record(record: Record, cell: Cell, output: os.PathLike[str] | str) -> None:
    """Write the record of a cell, completely or not at all."""
    file = record_file(cell, output)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(record, file)


def write_json(content: Any, path: os.PathLike[str] | str) -> None:
    """Write a JSON file, completely or not at all."""
    with replacing(path) as file:
        file.write(json.dumps(content, indent=1).encode())
