"""The command from images or texts to named clusters and a report."""

import csv
from io import TextIOWrapper
from pathlib import Path
from time import perf_counter

import numpy as np

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli import files
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.report import read_images, write_page
from sklearn_turtle._cli.settings import add_setting_options, given_settings, parse_value
from sklearn_turtle._cli.shared import one_line_errors, print_sizes, since
from sklearn_turtle._io._atomic import replacing

_ITEMS = (
    "folder of images, or a table of texts: .csv or .parquet (see --column), or .txt with one text "
    "a line"
)
_ENCODERS = (
    "foundation models, one a space. Of images: short names such as clip-vit-l14 and "
    "dinov2-vitg14, names of timm or open_clip, or folders. Of texts: names of "
    "sentence-transformers, or folders"
)


def add_cluster_options(parser):
    """Add the options of the command to its parser.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Where to add the options.
    """
    parser.add_argument("items", metavar="FOLDER_OR_TABLE", help=_ITEMS)
    parser.add_argument("--column", metavar="NAME", help="the column that holds the texts")
    parser.add_argument("--encoders", required=True, metavar="NAME,...", help=_ENCODERS)
    parser.add_argument(
        "-k",
        "--n-clusters",
        type=parse_value,
        default="auto",
        metavar="K",
        help="number of clusters; 'auto' for that which halves of the data agree on best "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "-o",
        "--output",
        default="clusters.csv",
        metavar="FILE",
        help="where to write the label, the name of the cluster and its probability for each file "
        "or row: .csv (default: %(default)s)",
    )
    parser.add_argument("--report", metavar="FILE", help="also write an HTML page of the clusters")
    parser.add_argument("--model", metavar="FILE", help="also save the fitted model, as 'fit' does")
    parser.add_argument(
        "--title", metavar="TEXT", help="what the page is called (default: as the input)"
    )
    encoding = parser.add_argument_group("settings of the encoders")
    encoding.add_argument(
        "--cache",
        metavar="FOLDER",
        help="keep embeddings there: the next run, or one after an interruption, computes only "
        "those that are missing",
    )
    encoding.add_argument(
        "--encoder-batch-size",
        type=int,
        metavar="N",
        help="number of images or texts that a model is given at once (default: 64 images, 32 "
        "texts)",
    )
    encoding.add_argument(
        "--on-error",
        choices=("raise", "skip"),
        default="raise",
        help="stop at an image or text that is missing or broken, or leave it out with a warning "
        "(default: %(default)s)",
    )
    settings = parser.add_argument_group(
        "settings of the method",
        "The parameters of sklearn_turtle.TurtleClustering; 'none' stands for None.",
    )
    add_setting_options(settings)


def run_cluster(arguments):
    """Encode images or texts, cluster and name them, and show the clusters.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``items``, ``column``, ``encoders``, ``n_clusters``, ``output``, ``report``,
        ``model``, ``title``, ``cache``, ``encoder_batch_size``, ``on_error`` and the settings
        that were given.
    """
    _check_outputs(arguments)
    settings = given_settings(arguments)
    with one_line_errors():
        images, texts = _read_items(arguments)
        spaces, rows = _encode(images, texts, arguments, settings)
        images, texts = _take(images, rows), _take(texts, rows)
        n_clusters, selection = _choose_n_clusters(spaces, arguments.n_clusters, settings)
        start = perf_counter()
        turtle = TurtleClustering(n_clusters, **settings).fit(spaces)
        print(f"Fitted {' '.join(repr(turtle).split())} in {since(start)}.")
        print_sizes(turtle.labels_, turtle.n_clusters)
        names = _names(turtle, spaces, texts)
        if images is None:
            _write_labels(arguments.output, "row", rows, turtle, spaces, names)
        else:
            paths = [path.relative_to(arguments.items) for path in images]
            _write_labels(arguments.output, "file", paths, turtle, spaces, names)
        print(f"Labels: {arguments.output}")
        if arguments.model is not None:
            files.write_model(arguments.model, turtle)
            print(f"Model: {arguments.model}")
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


def _check_outputs(arguments):
    for name, suffixes in (
        (arguments.output, files.TABLE_SUFFIXES),
        (arguments.report, files.REPORT_SUFFIXES),
        (arguments.model, files.MODEL_SUFFIXES),
    ):
        if name is not None:
            files.check_output(name, suffixes, [arguments.items])


def _read_items(arguments):
    """Paths of images and None, or None and texts."""
    if not Path(arguments.items).is_dir():
        column = "" if arguments.column is None else f":{arguments.column}"
        return None, files.read_texts(arguments.items + column)
    if arguments.column is not None:
        raise CommandError(f"{arguments.items}: is a folder, which has no column; leave it out")
    return read_images(arguments.items), None


def _take(items, rows):
    return None if items is None else [items[row] for row in rows.tolist()]


def _encode(images, texts, arguments, settings):
    """Encode images or texts by each encoder.

    Returns
    -------
    spaces : dict of str to ndarray of shape (n_readable, n_features of the space)
        Rows of what all encoders could read.
    readable : ndarray of shape (n_readable,), int
        Which items these are.
    """
    from sklearn_turtle.encoders import ImageEncoder, TextEncoder

    encoder_class, items = (ImageEncoder, images) if texts is None else (TextEncoder, texts)
    options = {"batch_size": arguments.encoder_batch_size, "device": settings.get("device")}
    options = {name: value for name, value in options.items() if value is not None}
    found, readable = {}, np.ones(len(items), dtype=bool)
    for model, name in _space_names(arguments.encoders).items():
        print(f"{name}:")
        encoder = encoder_class(
            model, cache=arguments.cache, on_error=arguments.on_error, verbose=1, **options
        )
        found[name] = encoder.fit_transform(items), encoder.skipped_
        readable[encoder.skipped_] = False
    (rows,) = np.nonzero(readable)
    spaces = {
        name: features[np.delete(readable, skipped)] for name, (features, skipped) in found.items()
    }
    return spaces, rows


def _space_names(encoders):
    """Name of the space of each encoder: the encoder's, of a folder without those around it."""
    models = [model.strip() for model in encoders.split(",") if model.strip()]
    names = [Path(model).name if Path(model).is_dir() else model for model in models]
    if not names or len(set(names)) < len(names):
        raise CommandError(f"--encoders {encoders}: must name one model or several distinct ones")
    return dict(zip(models, names, strict=True))


def _choose_n_clusters(spaces, n_clusters, settings):
    """The number that was asked for and None, or the one found and how."""
    if n_clusters != "auto":
        return n_clusters, None
    from sklearn_turtle.model_selection import select_n_clusters

    start = perf_counter()
    selection = select_n_clusters(
        spaces,
        estimator=TurtleClustering(**settings),
        random_state=settings.get("random_state"),
        verbose=1,
    )
    print(f"Number of clusters: {selection.n_clusters}, chosen in {since(start)}.")
    return selection.n_clusters, selection


def _names(turtle, spaces, texts):
    if texts is None:
        return [f"cluster {cluster}" for cluster in range(turtle.n_clusters)]
    from sklearn_turtle.exploration import name_clusters

    return name_clusters(turtle, spaces, texts=texts).names


def _write_labels(output, heading, items, turtle, spaces, names):
    confidence = turtle.predict_proba(spaces).max(1)
    with replacing(output) as file:
        # names of files need not be in any encoding
        text = TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="")
        table = csv.writer(text)
        table.writerow([heading, "label", "name", "probability"])
        for item, label, probability in zip(items, turtle.labels_, confidence, strict=True):
            table.writerow([item, label, names[label], f"{probability:.4f}"])
        text.detach()  # which flushes, and leaves the file open
