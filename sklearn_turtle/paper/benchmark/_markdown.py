"""The tables of a benchmark in Markdown."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from sklearn_turtle._io._version import __version__
from sklearn_turtle.datasets import DATASETS
from sklearn_turtle.paper.benchmark._protocol import Results
from sklearn_turtle.paper.benchmark._quoted import comparable_figures, quoted_by_dataset

# Header of the column of quoted figures.
QUOTED = "TURTLE of the paper (quoted)"


def markdown(results: Results) -> str:
    """Write the tables of a benchmark in Markdown.

    Parameters
    ----------
    results : BenchmarkResults
        The results.

    Returns
    -------
    str
    """
    warnings = [(record, text) for record in results.records for text in record["warnings"]]
    errors = [(record, record["error"]) for record in results.failed]
    sections = [
        f"# Benchmark\n\n{_introduction(results)}",
        f"## Accuracy\n\n{_accuracy_table(results)}",
        _difference_section(results),
        "## Seconds to fit\n\n" + _table(results, results.score("seconds"), "{:.2f}".format),
        _probe_section(results),
        _quoted_section(results),
        _list_section("Warnings", warnings),
        _list_section("Failed", errors),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _introduction(results: Results) -> str:
    sentences = [f"sklearn-turtle {__version__}."]
    if all(len(record["splits"]) == 1 for record in results.records):
        sentences.append(
            "Methods are fitted and scored on the same rows. Methods with labels are fitted on "
            "four fifths of the rows and scored on the others."
        )
    else:
        sentences.append("Methods are fitted on the split 'train' and scored on 'val'.")
    n_seeds = _n_seeds(results)
    if n_seeds > 1:
        sentences.append(f"Means over {n_seeds} seeds, with standard deviations.")
    other = [DATASETS[name].title for name in results.datasets if _has_other_sizes(results, name)]
    if other:
        sentences.append(f"Sizes differ from those of the paper: {', '.join(other)}.")
    return " ".join(sentences)


def _n_seeds(results: Results) -> int:
    return len({record["seed"] for record in results.records})


def _has_other_sizes(results: Results, dataset: str) -> bool:
    """True if a dataset of the paper has other numbers of classes or rows here."""
    info = DATASETS.get(dataset)
    return info is not None and any(
        (record["n_clusters"], record["n_train"], record["n_val"])
        != (info.n_classes, info.n_train, info.n_val)
        for record in results.records
        if record["dataset"] == dataset and record["error"] is None
    )


def _accuracy_table(results: Results) -> str:
    spread = results.score("accuracy", np.std) if _n_seeds(results) > 1 else None
    return _table(results, results.score("accuracy"), "{:.3f}".format, "accuracy", spread)


def _table(
    results: Results,
    values: np.ndarray,
    form: Callable[[float], str],
    quantity: str | None = None,
    spread: np.ndarray | None = None,
) -> str:
    """Write a table with one row per dataset and one column per method.

    Parameters
    ----------
    results : BenchmarkResults
        The results.
    values : ndarray of shape (n_datasets, n_methods)
        The values; NaN for none.
    form : callable
        Writes a value.
    quantity : str or None
        Quantity of the values, to add a column of quoted figures; None for no such column.
    spread : ndarray of shape (n_datasets, n_methods) or None
        Standard deviations to write after the values.
    """
    quoted = quoted_by_dataset(results, quantity)
    failed = {(record["dataset"], record["label"]) for record in results.failed}

    def cell(row: int, column: int) -> str:
        value = values[row, column]
        if np.isfinite(value):
            return form(value) + ("" if spread is None else f" ± {spread[row, column]:.3f}")
        cell_failed = (results.datasets[row], results.methods[column]) in failed
        return "failed" if cell_failed else ""

    lines = [["dataset", *results.methods], ["---"] * (1 + len(results.methods))]
    for row, dataset in enumerate(results.datasets):
        title = DATASETS[dataset].title if dataset in DATASETS else dataset
        lines.append([title, *(cell(row, column) for column in range(len(results.methods)))])
    complete = np.isfinite(values).all(1)
    if complete.sum() > 1:
        means = [f"**{form(value)}**" for value in values[complete].mean(0)]
        lines.append([f"**mean of {complete.sum()} datasets**", *means])
    if quoted:
        figures = [form(quoted[name]) if name in quoted else "" for name in results.datasets]
        last_column = [QUOTED, "---", *figures, ""]
        lines = [[*line, last] for line, last in zip(lines, last_column, strict=False)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _difference_section(results: Results) -> str | None:
    difference = results.difference_to_zero_shot()
    if not np.isfinite(difference).any():
        return None
    table = _table(results, difference, "{:+.3f}".format, "difference to zero-shot")
    return f"## Difference to zero-shot\n\n{table}"


def _probe_section(results: Results) -> str | None:
    comparison = results.compare_with_probe()
    if comparison is None:
        return None
    optimal = ", ".join(comparison.optimal()) or "none"
    text = f"Datasets on which TURTLE is within .02 of the probe: {optimal}."
    if np.isfinite(comparison.correlation):
        text += (
            f" Correlation of the two over {len(comparison.names)} datasets: "
            f"{comparison.correlation:.2f} (quoted for the 26 datasets of the paper: .87)."
        )
    return f"## Comparison with the supervised probe\n\n{text}"


def _quoted_section(results: Results) -> str | None:
    figures = comparable_figures(results)
    if not figures:
        return None
    lines = []
    for figure in figures:
        place = DATASETS[figure.dataset].title if figure.dataset else "mean of the 26 datasets"
        form = "+.2f" if "difference" in figure.quantity else ".3f"
        lines.append(
            f"- {place}, {figure.quantity}: {figure.value:{form}} ({figure.setting}; "
            f"{figure.source})"
        )
    return "## Quoted figures\n\nPublished by others, not measured here:\n\n" + "\n".join(lines)


def _list_section(title: str, entries: Iterable[tuple[dict[str, Any], str]]) -> str | None:
    """List some records with a text for each; None if there are none."""
    lines = [f"- {r['dataset']}, {r['label']}, seed {r['seed']}: {text}" for r, text in entries]
    return f"## {title}\n\n" + "\n".join(lines) if lines else None
