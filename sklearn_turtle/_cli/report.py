"""The command that writes a report of features that are clustered already."""

from pathlib import Path

from sklearn_turtle._cli import files
from sklearn_turtle._cli.shared import (
    one_line_errors,
    read_model_and_spaces,
    read_spaces,
    space_names,
)

_CLUSTERING = (
    "model that 'fit --model' or 'cluster --model' saved, .safetensors or .pt (see 'predict "
    "--help'); or labels, one a sample, in any other format of features, or .txt with one label a "
    "line"
)
_TEXTS = (
    "text of each sample: a table, .csv or .parquet, of which FILE:COLUMN names the column, or "
    ".txt with one text a line"
)
_IMAGES = (
    "image of each sample: a folder, whose images are taken in the order of their names, or a "
    "file with one path a sample, as for --texts"
)


def add_report_options(parser, feature_files):
    """Add the options of the command to its parser.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Where to add the options.
    feature_files : str
        What to say of the files of features.
    """
    parser.add_argument("clustering", metavar="MODEL_OR_LABELS", help=_CLUSTERING)
    parser.add_argument("features", nargs="+", metavar="FILE", help=feature_files)
    parser.add_argument(
        "-o",
        "--output",
        default="report.html",
        metavar="FILE",
        help="where to write the page (default: %(default)s)",
    )
    parser.add_argument("--texts", metavar="FILE", help=_TEXTS)
    parser.add_argument("--images", metavar="FOLDER", help=_IMAGES)
    parser.add_argument(
        "--names",
        metavar="FILE",
        help="name of each cluster, in the order of their numbers, as for --texts (default: "
        "keywords where there are texts, else numbers)",
    )
    parser.add_argument(
        "--title", default="Clusters", metavar="TEXT", help="what the page is called"
    )


def run_report(arguments):
    """Write a report of features that are clustered already.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``clustering``, ``features``, ``output``, ``texts``, ``images``, ``names`` and
        ``title``.
    """
    inputs = [arguments.clustering, *arguments.features]
    inputs += filter(None, [arguments.texts, arguments.images, arguments.names])
    files.check_output(arguments.output, files.REPORT_SUFFIXES, inputs)
    suffix = Path(arguments.clustering).suffix.lower()
    if suffix in files.MODEL_SUFFIXES:
        clustering, spaces, names = read_model_and_spaces(arguments.clustering, arguments.features)
    else:
        clustering = files.read_labels(arguments.clustering)
        names = space_names(arguments.features)
        spaces = read_spaces(arguments.features, names)
    with one_line_errors(arguments.features, names):
        write_page(
            arguments.output,
            clustering,
            dict(zip(names, spaces, strict=True)),
            texts=None if arguments.texts is None else files.read_texts(arguments.texts),
            images=None if arguments.images is None else read_images(arguments.images),
            names=None if arguments.names is None else files.read_texts(arguments.names),
            title=arguments.title,
        )


def read_images(name):
    """Paths of the images of a folder, or of those that a file names.

    Returns
    -------
    list of Path
    """
    if not Path(name).is_dir():
        return [Path(path) for path in files.read_texts(name)]
    from sklearn_turtle.encoders import image_files

    return image_files(name)


def write_page(name, clustering, X, **options):
    """Write a report, and say so; options are those of ``write_report``."""
    from sklearn_turtle.report import write_report

    # one seed, for the same page in every call
    write_report(name, clustering, X, random_state=0, **options)
    print(f"Report: {name}")
