"""The files of the tables of a benchmark: Markdown, CSV and JSON."""

import csv
import io
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._version import __version__
from sklearn_turtle.paper.benchmark._quoted import comparable_figures
from sklearn_turtle.paper.benchmark._records import write_json
from sklearn_turtle.paper.benchmark._results import BenchmarkResults

# Columns of the CSV file.
_ABOUT = ("dataset", "label", "method", "supervision", "spaces", "seed")
_SCORES = ("accuracy", "NMI", "ARI", "seconds", "predict_seconds")


def write_tables(results: BenchmarkResults, folder: Path) -> None:
    """Write ``results.md``, ``results.csv`` and ``results.json`` to a folder."""
    for name, text in (("results.md", results.to_markdown()), ("results.csv", _csv(results))):
        with replacing(folder / name) as file:
            file.write(text.encode())
    comparison = results.compare_with_probe()
    content = {
        "date": date.today().isoformat(),
        "version": __version__,
        "cells": results.records,
        "correlation with the probe": None if comparison is None else comparison.correlation,
        "quoted": [asdict(figure) for figure in comparable_figures(results)],
    }
    write_json(_without_nan(content), folder / "results.json")


def _csv(results: BenchmarkResults) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["origin", *_ABOUT, *_SCORES, "error"])
    for record in results.records:
        about = record | {"spaces": "+".join(record["spaces"])}
        scores = [record.get(name, "") for name in _SCORES]
        table.writerow(["measured", *(about[name] for name in _ABOUT), *scores, record["error"]])
    for figure in comparable_figures(results):
        if figure.dataset is not None and figure.quantity in _SCORES:
            about = {"dataset": figure.dataset, "label": f"{figure.setting}; {figure.source}"}
            scores = [figure.value if name == figure.quantity else "" for name in _SCORES]
            table.writerow(["quoted", *(about.get(name, "") for name in _ABOUT), *scores, ""])
    return text.getvalue()


def _without_nan(content: Any) -> Any:
    """Replace NaN, which JSON does not have, by None."""
    if isinstance(content, dict):
        return {key: _without_nan(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_without_nan(value) for value in content]
    return None if isinstance(content, float) and not np.isfinite(content) else content
