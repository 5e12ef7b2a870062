"""Tables of a benchmark: Markdown to read, CSV and JSON to go on with."""

import csv
import io
from dataclasses import asdict
from datetime import date

import numpy as np

from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._version import __version__
from sklearn_turtle.datasets import DATASETS
from sklearn_turtle.paper.benchmark._cells import write_json
from sklearn_turtle.paper.benchmark._quoted import QUOTED_FIGURES

# Heads the column of quoted figures.
QUOTED = "TURTLE of the paper (quoted)"
# Columns of the CSV.
_ABOUT = ("dataset", "label", "method", "supervision", "spaces", "seed")
_SCORES = ("accuracy", "NMI", "ARI", "seconds", "predict_seconds")


def write_tables(results, folder):
    """Write ``results.md``, ``results.csv`` and ``results.json`` to a folder."""
    for name, text in (("results.md", markdown(results)), ("results.csv", _csv(results))):
        with replacing(folder / name) as file:
            file.write(text.encode())
    comparison = results.compare_with_probe()
    content = {
        "date": date.today().isoformat(),
        "version": __version__,
        "cells": results.records,
        "correlation with the probe": None if comparison is None else comparison.correlation,
        "quoted": [asdict(figure) for figure in _quoted_beside(results)],
    }
    write_json(_without_nan(content), folder / "results.json")


def markdown(results):
    """The tables of BenchmarkResults in Markdown."""
    sections = [f"# Benchmark\n\n{_introduction(results)}"]
    sections.append(f"## Accuracy\n\n{_accuracy_table(results)}")
    difference = results.difference_to_zero_shot()
    if np.isfinite(difference).any():
        sections.append(
            "## Difference to zero-shot\n\n"
            + _table(results, difference, _number("{:+.3f}"), "difference to zero-shot")
        )
    sections.append(
        "## Seconds to fit\n\n" + _table(results, results.score("seconds"), _number("{:.2f}"))
    )
    sections += [
        _probe_section(results),
        _quoted_section(results),
        _list_section("Warnings", [(r, text) for r in results.records for text in r["warnings"]]),
        _list_section("Failed", [(record, record["error"]) for record in results.failed]),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _introduction(results):
    sentences = [f"sklearn-turtle {__version__}."]
    if all(len(record["splits"]) == 1 for record in results.records):
        sentences.append(
            "Methods are fitted and scored on the same rows; those that have labels are fitted "
            "on four fifths of them and scored on the others."
        )
    else:
        sentences.append("Methods are fitted on the split 'train' and scored on 'val'.")
    n_seeds = len({record["seed"] for record in results.records})
    if n_seeds > 1:
        sentences.append(f"Means over {n_seeds} seeds, with standard deviations.")
    other = [DATASETS[name].title for name in results.datasets if _has_other_sizes(results, name)]
    if other:
        sentences.append(f"Sizes are not those of the paper: {', '.join(other)}.")
    return " ".join(sentences)


def _has_other_sizes(results, dataset):
    """Whether a dataset of the paper has other numbers of classes or rows here."""
    info = DATASETS.get(dataset)
    return info is not None and any(
        (record["n_clusters"], record["n_train"], record["n_val"])
        != (info.n_classes, info.n_train, info.n_val)
        for record in results.records
        if record["dataset"] == dataset and record["error"] is None
    )


def _accuracy_table(results):
    spread = results.score("accuracy", np.std)
    several = len({record["seed"] for record in results.records}) > 1

    def form(value, row=None, column=None):
        if not np.isfinite(value):
            return ""
        of_seeds = f" ± {spread[row, column]:.3f}" if several and row is not None else ""
        return f"{value:.3f}{of_seeds}"

    return _table(results, results.score("accuracy"), form, "accuracy")


def _table(results, values, form, quantity=None):
    """A row a dataset and a column a method, and the column of quoted figures where there are."""
    quoted = quoted_by_dataset(results, quantity)
    header = ["dataset", *results.methods, *([QUOTED] if quoted else [])]
    failed = {(record["dataset"], record["label"]) for record in results.failed}
    rows = []
    for row, dataset in enumerate(results.datasets):
        cells = [form(value, row, column) for column, value in enumerate(values[row])]
        for column, label in enumerate(results.methods):
            if not cells[column] and (dataset, label) in failed:
                cells[column] = "failed"
        title = DATASETS[dataset].title if dataset in DATASETS else dataset
        rows.append([title, *cells, *([form(quoted.get(dataset, np.nan))] if quoted else [])])
    whole = np.isfinite(values).all(1)
    if whole.sum() > 1:
        mean = [f"**{form(value)}**" for value in values[whole].mean(0)]
        rows.append([f"**mean of {whole.sum()} datasets**", *mean, *([""] if quoted else [])])
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(pattern):
    return lambda value, row=None, column=None: pattern.format(value) if np.isfinite(value) else ""


def _probe_section(results):
    comparison = results.compare_with_probe()
    if comparison is None:
        return None
    optimal = ", ".join(comparison.optimal()) or "none"
    text = f"Of TURTLE without labels within .02 of the probe: {optimal}."
    if np.isfinite(comparison.correlation):
        text += (
            f" Correlation of the two over {len(comparison.names)} datasets: "
            f"{comparison.correlation:.2f} (quoted for the 26 datasets of the paper: .87)."
        )
    return f"## Against the supervised probe\n\n{text}"


def _quoted_section(results):
    figures = _quoted_beside(results)
    if not figures:
        return None
    lines = [
        f"- {DATASETS[f.dataset].title if f.dataset else 'mean of the 26 datasets'}, "
        f"{f.quantity}: {f.value:{'+.2f' if 'difference' in f.quantity else '.3f'}} ({f.setting}; "
        f"{f.source})"
        for f in figures
    ]
    return "## Quoted figures\n\nPublished by others, not measured here:\n\n" + "\n".join(lines)


def _list_section(title, entries):
    """What there is to say of some cells, given as pairs of a record and a text."""
    lines = [f"- {r['dataset']}, {r['label']}, seed {r['seed']}: {text}" for r, text in entries]
    return f"## {title}\n\n" + "\n".join(lines) if lines else None


def quoted_by_dataset(results, quantity):
    """Published figures of a quantity by dataset, of the datasets that were run."""
    return {
        figure.dataset: figure.value
        for figure in _quoted_beside(results)
        if figure.quantity == quantity and figure.dataset is not None
    }


def _quoted_beside(results):
    """The published figures that stand beside something measured."""
    measured = {"accuracy", "NMI", "ARI"}
    if np.isfinite(results.difference_to_zero_shot()).any():
        measured.add("difference to zero-shot")
    if results.compare_with_probe() is not None:
        measured.add("correlation with the probe")
    beside = set(results.datasets)
    if beside & set(DATASETS):
        beside.add(None)  # means over the datasets of the paper
    return [f for f in QUOTED_FIGURES if f.quantity in measured and f.dataset in beside]


def _csv(results):
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["origin", *_ABOUT, *_SCORES, "error"])
    for record in results.records:
        about = record | {"spaces": "+".join(record["spaces"])}
        scores = [record.get(name, "") for name in _SCORES]
        table.writerow(["measured", *(about[name] for name in _ABOUT), *scores, record["error"]])
    for figure in _quoted_beside(results):
        if figure.dataset in results.datasets and figure.quantity in _SCORES:
            about = {"dataset": figure.dataset, "label": f"{figure.setting}; {figure.source}"}
            scores = [figure.value if name == figure.quantity else "" for name in _SCORES]
            table.writerow(["quoted", *(about.get(name, "") for name in _ABOUT), *scores, ""])
    return text.getvalue()


def _without_nan(content):
    """JSON has no NaN."""
    if isinstance(content, dict):
        return {key: _without_nan(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_without_nan(value) for value in content]
    return None if isinstance(content, float) and not np.isfinite(content) else content
