"""The command ``cluster``: from images or texts to named clusters and a report."""

import argparse
import csv
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from sklearn_turtle import TurtleClustering, encoders, select_n_clusters
from sklearn_turtle._cli import files
from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import CommandError, one_line_errors
from sklearn_turtle._cli.options import add_text_format, text_format
from sklearn_turtle._cli.output import elapsed, on_one_line, print_sizes
from sklearn_turtle._cli.report import find_images, write_page
from sklearn_turtle._cli.settings import add_setting_options, given_settings, parse_value
from sklearn_turtle._io._atomic import replacing
from sklearn_turtle._io._texts import read_texts
from sklearn_turtle.exploration import name_clusters

_ITEMS = (
    "folder of images, or table of texts: .csv, .tsv, .jsonl or .parquet (see --column), or .txt "
    "with one text per line; also compressed, such as .csv.gz"
)
_ENCODERS = (
    "foundation models, one per space. For images: short names such as clip-vit-l14 and "
    "dinov2-vitg14, names of timm or open_clip, or folders. For texts: names of "
    "sentence-transformers, or folders"
)
_OUTPUT = (
    "file to write the label, the name of the cluster and its probability to, one line per image "
    "or text: .csv (default: %(default)s)"
)
_CACHE = (
    "folder to keep embeddings in; a later run, or one after an interruption, computes only the "
    "missing embeddings"
)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("items", metavar="FOLDER_OR_TABLE", help=_ITEMS)
    parser.add_argument("--column", metavar="NAME", help="column of the texts")
    add_text_format(parser)
    parser.add_argument("--encoders", required=True, metavar="NAME,...", help=_ENCODERS)
    parser.add_argument(
        "-k",
        "--n-clusters",
        type=parse_value,
        default="auto",
        metavar="K",
        help="number of clusters; 'auto' chooses it from the data, which takes many fits "
        "(default: %(default)s)",
    )
    parser.add_argument("-o", "--output", default="clusters.csv", metavar="FILE", help=_OUTPUT)
    parser.add_argument(
        "--report", metavar="FILE", help="also write an HTML page that shows the clusters"
    )
    parser.add_argument("--model", metavar="FILE", help="also save the fitted model, as 'fit' does")
    parser.add_argument(
        "--title", metavar="TEXT", help="title of the page (default: the name of the input)"
    )
    group = parser.add_argument_group("settings of the encoders")
    group.add_argument("--cache", metavar="FOLDER", help=_CACHE)
    group.add_argument(
        "--encoder-batch-size",
        type=int,
        metavar="N",
        help="number of images or texts in a batch (default: 64 images, 32 texts)",
    )
    group.add_argument(
        "--on-error",
        choices=("raise", "skip"),
        default="raise",
        help="'raise' stops at the first missing or broken image or text, 'skip' leaves it out "
        "with a warning (default: %(default)s)",
    )
    add_setting_options(parser)


def _run(arguments: argparse.Namespace) -> int:
    _check_outputs(arguments)
    settings = given_settings(arguments)
    with one_line_errors():
        images, texts = _read_items(arguments)
        if images is None:
            spaces, rows = _encode(encoders.TextEncoder, texts, arguments, settings)
        else:
            spaces, rows = _encode(encoders.ImageEncoder, images, arguments, settings)
        images, texts = _take(images, rows), _take(texts, rows)
        n_clusters, selection = _choose_n_clusters(spaces, arguments.n_clusters, settings)
        start = perf_counter()
        turtle = TurtleClustering(n_clusters, **settings).fit(spaces)
        print(f"Fitted {on_one_line(turtle)} in {elapsed(start)}.")
        print_sizes(turtle.labels_, turtle.n_clusters_)
        confidence = turtle.predict_proba(spaces).max(1)
        items = rows if images is None else [path.relative_to(arguments.items) for path in images]
        write_labels = partial(
            _write_labels, arguments.output, "row" if images is None else "file", items, turtle
        )
        names = [f"cluster {cluster}" for cluster in range(turtle.n_clusters_)]
        # the names and the page may fail, and must not take labels and model with them
        write_labels(confidence, names)
        print(f"Labels: {arguments.output}")
        if arguments.model is not None:
            files.write_model(arguments.model, turtle)
            print(f"Model: {arguments.model}")
        named = _name_clusters(turtle, spaces, texts)
        if named is not None:
            names = named
            write_labels(confidence, names)
        if arguments.report is not None:
            write_page(
                arguments.report,
                turtle,
                spaces,
                names=names,
                texts=texts,
                images=images,
                selection=selection,
                title=arguments.title or Path(arguments.items).resolve().name,
            )
    return 1 if texts is not None and named is None else 0


def _check_outputs(arguments: argparse.Namespace) -> None:
    for name, suffixes in (
        (arguments.output, files.TABLE_SUFFIXES),
        (arguments.report, files.REPORT_SUFFIXES),
        (arguments.model, files.MODEL_SUFFIXES),
    ):
        if name is not None:
            files.check_output(name, suffixes, [arguments.items])


def _read_items(
    arguments: argparse.Namespace,
) -> tuple[list[Path] | None, list[str | None] | None]:
    """Find the images or read the texts; the other element of the pair is None."""
    if not Path(arguments.items).is_dir():
        column = "" if arguments.column is None else f":{arguments.column}"
        return None, read_texts(arguments.items + column, text_format(arguments))
    if arguments.column is not None:
        raise CommandError(f"{arguments.items}: a folder has no columns; remove --column")
    return find_images(arguments.items), None


def _take(items: list[Any] | None, rows: np.ndarray) -> list[Any] | None:
    return None if items is None else [items[row] for row in rows.tolist()]


def _encode(
    encoder_class: Any,
    items: Any,
    arguments: argparse.Namespace,
    settings: Mapping[str, Any],
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Encode images or texts with each model.

    Returns
    -------
    spaces : dict of str to ndarray of shape (n_readable, n_features of the space)
        Features of the items that all encoders can read.
    readable : ndarray of shape (n_readable,), int
        Rows of these items.
    """
    options = {"batch_size": arguments.encoder_batch_size, "device": settings.get("device")}
    options = {name: value for name, value in options.items() if value is not None}
    encoded, readable = {}, np.ones(len(items), dtype=bool)
    for model, name in _space_names(arguments.encoders).items():
        print(f"{name}:")
        encoder = encoder_class(
            model, cache=arguments.cache, on_error=arguments.on_error, verbose=1, **options
        )
        encoded[name] = encoder.fit_transform(items), encoder.skipped_
        readable[encoder.skipped_] = False
    (rows,) = np.nonzero(readable)
    spaces = {
        name: features[np.delete(readable, skipped)]
        for name, (features, skipped) in encoded.items()
    }
    return spaces, rows


def _space_names(models: str) -> dict[str, str]:
    """Name the space of each encoder after the model; after the last part of a folder's path."""
    given = [model.strip() for model in models.split(",") if model.strip()]
    names = [Path(model).name if Path(model).is_dir() else model for model in given]
    if not names or len(set(names)) < len(names):
        raise CommandError(f"--encoders {models}: expected one or more distinct models")
    return dict(zip(given, names, strict=True))


def _choose_n_clusters(
    spaces: Mapping[str, np.ndarray], n_clusters: Any, settings: Mapping[str, Any]
) -> tuple[Any, Any]:
    """Choose the number of clusters if it is "auto"; return it with the selection, or None."""
    if n_clusters != "auto":
        return n_clusters, None
    start = perf_counter()
    selection = select_n_clusters(
        spaces,
        estimator=TurtleClustering(**settings),
        random_state=settings.get("random_state"),
        verbose=1,
    )
    print(f"Number of clusters: {selection.n_clusters}, chosen in {elapsed(start)}.")
    return selection.n_clusters, selection


def _name_clusters(
    turtle: TurtleClustering, spaces: Mapping[str, np.ndarray], texts: Sequence[str | None] | None
) -> list[str] | None:
    """Name the clusters of texts; None for images, and with a warning if naming fails."""
    if texts is None:
        return None
    try:
        return list(name_clusters(turtle, spaces, texts=texts).names)
    except Exception as error:  # depends on texts of any kind
        warnings.warn(f"The clusters are numbered, since naming them failed: {error}", stacklevel=2)
        return None


def _write_labels(
    output: str,
    heading: str,
    items: Iterable[Any],
    turtle: TurtleClustering,
    confidence: np.ndarray,
    names: Sequence[str],
) -> None:
    with replacing(output) as file:
        # file names are bytes, which may not be valid in any encoding
        text = TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="")
        table = csv.writer(text)
        table.writerow([heading, "label", "name", "probability"])
        for item, label, probability in zip(items, turtle.labels_, confidence, strict=True):
            table.writerow([item, label, names[label], f"{probability:.4f}"])
        text.detach()  # flushes, and keeps the file open


CLUSTER = Command(
    name="cluster",
    summary="find, name and show the clusters of images or texts",
    description="Encode the images of a folder or the texts of a table with one or more foundation "
    "models, find the clusters, name them and show them. Models that are not on this machine are "
    "downloaded by their libraries.",
    add_options=_add_options,
    run=_run,
)
