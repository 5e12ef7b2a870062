"""Arguments and options that several commands have."""

import argparse

from sklearn_turtle._cli.files import ARRAY_SUFFIXES
from sklearn_turtle._io._texts import TextFormat

_FEATURES = (
    "feature files, one per space, with the same samples in the same order: .npy (mapped into "
    "memory, not loaded), .h5, .hdf5 or .zarr (read as needed; require h5py or zarr), .npz, .pt, "
    ".safetensors, .csv or .tsv (require pandas) or .parquet (requires pandas and pyarrow), with "
    "columns of numbers or a column of vectors beside any others. If a file has several arrays or "
    "columns of vectors, FILE:NAME selects one."
)
_MODEL = (
    "model saved by 'fit --model', or label file of the authors' released code (.pt). Loading a "
    "model never runs code: a .pt file that contains anything but tensors is refused."
)
_LABELS = (
    "true labels, numbers or strings: any format of features, or .txt with one label per line. "
    "FILE:COLUMN selects a column of a table."
)


def add_features(parser: argparse.ArgumentParser) -> None:
    """Add the argument ``features``: one file per space."""
    parser.add_argument("features", nargs="+", metavar="FILE", help=_FEATURES)


def add_model(parser: argparse.ArgumentParser, metavar: str = "MODEL") -> None:
    """Add the argument ``model``: the file of a fitted estimator."""
    parser.add_argument("model", metavar=metavar, help=_MODEL)


def add_labels(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--labels``: a file with the true labels."""
    parser.add_argument("--labels", metavar="FILE", help=_LABELS)


def add_text_format(parser: argparse.ArgumentParser) -> None:
    """Add the options ``--separator`` and ``--encoding`` of files of texts."""
    parser.add_argument(
        "--separator",
        type=_separator,
        metavar="CHARACTER",
        help="character between the columns of a .csv or .tsv of texts, 'tab' for a tabulator "
        "(default: recognized)",
    )
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        help="encoding of a file of texts, such as latin-1 or utf-16 (default: utf-8)",
    )


def text_format(arguments: argparse.Namespace) -> TextFormat:
    """The values of the options of :func:`add_text_format`."""
    return TextFormat(arguments.separator, arguments.encoding)


def _separator(text: str) -> str:
    separator = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(separator) != 1:
        raise argparse.ArgumentTypeError(f"expected one character or 'tab', got {text!r}")
    return separator


def add_output(parser: argparse.ArgumentParser, content: str, default: str) -> None:
    """Add the option ``--output``: the file to write.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Parser of the command.
    content : str
        What the command writes to the file.
    default : str
        The file that is written if the option is not given.
    """
    parser.add_argument(
        "-o",
        "--output",
        default=default,
        metavar="FILE",
        help=f"file to write the {content} to: {', '.join(ARRAY_SUFFIXES)} (default: %(default)s)",
    )
