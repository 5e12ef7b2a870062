"""The command ``report``: show an existing clustering of feature files."""

import argparse
from pathlib import Path
from typing import Any

from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import one_line_errors
from sklearn_turtle._cli.files import MODEL_SUFFIXES, REPORT_SUFFIXES, check_output
from sklearn_turtle._cli.options import add_features, add_text_format, text_format
from sklearn_turtle._cli.spaces import read_model_and_spaces, read_spaces, space_names
from sklearn_turtle._io._errors import FileError
from sklearn_turtle._io._read import read_labels
from sklearn_turtle._io._texts import TextFormat, read_texts
from sklearn_turtle.encoders import image_files
from sklearn_turtle.report import write_report

_CLUSTERING = (
    "model saved by 'fit --model' or 'cluster --model', .safetensors or .pt (see 'predict "
    "--help'); or labels, one per sample, in any other format of features, or .txt with one label "
    "per line"
)
_TEXTS = (
    "text of each sample: a table, .csv, .tsv, .jsonl or .parquet, if it has several columns as "
    "FILE:COLUMN; or .txt with one text per line; also compressed, such as .csv.gz"
)
_IMAGES = (
    "image of each sample: a folder, whose images are sorted by name, or a file with one path per "
    "sample, in a format of --texts"
)
_NAMES = (
    "name of each cluster, in the order of the cluster numbers, in a format of --texts (default: "
    "keywords if --texts is given, otherwise numbers)"
)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clustering", metavar="MODEL_OR_LABELS", help=_CLUSTERING)
    add_features(parser)
    parser.add_argument(
        "-o",
        "--output",
        default="report.html",
        metavar="FILE",
        help="file to write the page to (default: %(default)s)",
    )
    parser.add_argument("--texts", metavar="FILE", help=_TEXTS)
    parser.add_argument("--images", metavar="FOLDER", help=_IMAGES)
    parser.add_argument("--names", metavar="FILE", help=_NAMES)
    add_text_format(parser)
    parser.add_argument(
        "--title",
        default="Clusters",
        metavar="TEXT",
        help="title of the page (default: %(default)s)",
    )


def _run(arguments: argparse.Namespace) -> None:
    inputs = [arguments.clustering, *arguments.features]
    inputs += filter(None, [arguments.texts, arguments.images, arguments.names])
    check_output(arguments.output, REPORT_SUFFIXES, inputs)
    if Path(arguments.clustering).suffix.lower() in MODEL_SUFFIXES:
        clustering: Any
        clustering, spaces, names = read_model_and_spaces(arguments.clustering, arguments.features)
    else:
        clustering = read_labels(arguments.clustering)
        names = space_names(arguments.features)
        spaces = read_spaces(arguments.features, names)
    form = text_format(arguments)
    with one_line_errors(arguments.features, names):
        write_page(
            arguments.output,
            clustering,
            dict(zip(names, spaces, strict=True)),
            texts=None if arguments.texts is None else _read_sample_texts(arguments.texts, form),
            images=None if arguments.images is None else find_images(arguments.images, form),
            names=None if arguments.names is None else read_texts(arguments.names, form),
            title=arguments.title,
        )


def _read_sample_texts(name: str, form: TextFormat) -> list[str]:
    """Read the text of each sample; a missing text is empty, since all samples are shown."""
    return [text or "" for text in read_texts(name, form)]


def find_images(name: str, form: TextFormat | None = None) -> list[Path]:
    """Find the images in a folder, or read their paths from a file.

    Parameters
    ----------
    name : str
        A folder of images, or a file with one path per line or row.
    form : TextFormat or None, default=None
        How the paths are stored in the file; None to recognize it.

    Returns
    -------
    list of Path

    Raises
    ------
    FileError
        If the file cannot be read, or a path is missing.
    ValueError
        If the folder contains no image.
    """
    if Path(name).is_dir():
        return image_files(name)
    texts = read_texts(name, form)
    paths = [Path(text) for text in texts if text is not None]
    if len(paths) < len(texts):
        raise FileError(f"{name}: some paths are missing")
    return paths


def write_page(name: str, clustering: Any, X: Any, **options: Any) -> None:
    """Write a report and print its name.

    Parameters
    ----------
    name : str
        File to write.
    clustering, X, **options
        See :func:`~sklearn_turtle.report.write_report`.
    """
    # a fixed seed gives the same page in every run
    write_report(name, clustering, X, random_state=0, **options)
    print(f"Report: {name}")


REPORT = Command(
    name="report",
    summary="show a clustering of feature files as one HTML page",
    description="Write one HTML page that shows a clustering: names, sizes and typical samples of "
    "the clusters, a map of the samples, the confidence of the labels and the agreement of the "
    "restarts. The page contains all its images and opens without network access.",
    add_options=_add_options,
    run=_run,
)
