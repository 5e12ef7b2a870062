"""What can be asked for on the command line."""

import argparse

from sklearn_turtle._cli.benchmark import add_benchmark_options, run_benchmark
from sklearn_turtle._cli.cluster import add_cluster_options, run_cluster
from sklearn_turtle._cli.commands import (
    run_digits,
    run_evaluate,
    run_fit,
    run_predict,
    run_score,
)
from sklearn_turtle._cli.files import ARRAY_SUFFIXES
from sklearn_turtle._cli.report import add_report_options, run_report
from sklearn_turtle._cli.settings import add_setting_options, parse_value
from sklearn_turtle._io._version import __version__

PROGRAM = "python -m sklearn_turtle"

_ABOUT = (
    "Cluster the features that one or more frozen foundation models give the same samples, "
    "without labels (TURTLE, ICML 2024). Without a command, the handwritten digits of "
    "scikit-learn are clustered as an example."
)
_FEATURE_FILES = (
    "feature files, one a space, with the same samples in the same order: .npy (mapped into "
    "memory, not loaded), .h5, .hdf5 or .zarr (read as needed; need h5py or zarr), .npz, .pt, "
    ".safetensors, .csv (needs pandas) or .parquet (needs pandas and pyarrow). FILE:ARRAY names "
    "one array of a file of several."
)
_MODEL_FILE = (
    "model that 'fit --model' saved, or a label file of the authors' released code (.pt). Neither "
    "runs code: a .pt file that holds more than tensors is refused."
)
_TRUE_LABELS = (
    "true labels, numbers or strings: any of the formats of features, or .txt with one label a "
    "line. FILE:COLUMN names one column of a table."
)


def make_parser():
    """Make the parser of all commands.

    Returns
    -------
    argparse.ArgumentParser
        Parsed arguments have ``run``, the function of the command.
    """
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=_ABOUT,
        epilog=f"'{PROGRAM} COMMAND --help' says more of a command.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_digits(commands)
    _add_fit(commands)
    _add_predict(commands)
    _add_score(commands)
    _add_evaluate(commands)
    _add_benchmark(commands)
    _add_report(commands)
    _add_cluster(commands)
    return parser


def with_default_command(argv):
    """Put the command "digits" before arguments that start with none.

    Parameters
    ----------
    argv : list of str
        The arguments.

    Returns
    -------
    list of str
    """
    if argv and (not argv[0].startswith("-") or argv[0] in ("-h", "--help", "--version")):
        return argv
    return ["digits", *argv]


def _add_digits(commands):
    parser = _add_command(
        commands,
        "digits",
        run_digits,
        "cluster scikit-learn's handwritten digits (the default)",
        "Cluster the handwritten digits of scikit-learn in two feature spaces that are computed "
        "here, and compare the clusters with those of KMeans on the same features.",
    )
    _add_output(parser, "labels", default="digits_labels.npy")


def _add_fit(commands):
    parser = _add_command(
        commands,
        "fit",
        run_fit,
        "find the clusters of feature files",
        "Find the clusters of the samples whose features the files hold.",
    )
    parser.add_argument("features", nargs="+", metavar="FILE", help=_FEATURE_FILES)
    parser.add_argument(
        "-k",
        "--n-clusters",
        type=parse_value,
        required=True,
        metavar="K",
        help="number of clusters",
    )
    _add_output(parser, "labels", default="labels.npy")
    parser.add_argument(
        "--model",
        metavar="FILE",
        help="also save the fitted model: .safetensors (needs safetensors) for all of it, .pt for "
        "the labeling alone, in the format of the authors' released code",
    )
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        help="write how far the fit is to this .safetensors file now and then, and go on from "
        "there where it is of an earlier run of the same command that was cut off; needs "
        "safetensors",
    )
    settings = parser.add_argument_group(
        "settings of the method",
        "The parameters of sklearn_turtle.TurtleClustering; 'none' stands for None.",
    )
    settings.add_argument(
        "--released-settings",
        action="store_true",
        help="start from the settings of the authors' released code instead of the defaults; "
        "the options below override them",
    )
    add_setting_options(settings)


def _add_predict(commands):
    parser = _add_command(
        commands,
        "predict",
        run_predict,
        "assign the samples of feature files to the clusters of a model",
        "Assign samples to the clusters of a model. Features must be given in the order of "
        "spaces in which the model was fitted.",
    )
    parser.add_argument("model", metavar="MODEL", help=_MODEL_FILE)
    parser.add_argument("features", nargs="+", metavar="FILE", help=_FEATURE_FILES)
    # not the default of "fit", whose labels would be lost
    _add_output(parser, "labels or probabilities", default="predictions.npy")
    parser.add_argument(
        "--proba",
        action="store_true",
        help="write the probability of every cluster, one column a cluster, instead of labels",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="print progress where a .npy file is written, which is done chunk by chunk; give it "
        "twice for a line each chunk",
    )


def _add_score(commands):
    parser = _add_command(
        commands,
        "score",
        run_score,
        "score a model, with or without true labels",
        "Print the generalization score of a model, which needs no labels: how well linear "
        "classifiers predict its clusters on held-out samples. With true labels, also the "
        "clustering accuracy, the normalized mutual information and the adjusted Rand index.",
    )
    parser.add_argument("model", metavar="MODEL", help=_MODEL_FILE)
    parser.add_argument("features", nargs="+", metavar="FILE", help=_FEATURE_FILES)
    parser.add_argument("--labels", metavar="FILE", help=_TRUE_LABELS)


def _add_evaluate(commands):
    parser = _add_command(
        commands,
        "evaluate",
        run_evaluate,
        "evaluate a labeling, such as those that the authors released, by true labels",
        "Print how well a labeling fits the true labels of samples: the clustering accuracy, the "
        "mean accuracy per class, the normalized mutual information and the adjusted Rand index. "
        "Without true labels, print its generalization score. Features must be given in the order "
        "of spaces of the labeling, as they are: neither centered nor scaled.",
    )
    parser.add_argument("model", metavar="LABELING", help=_MODEL_FILE)
    parser.add_argument("features", nargs="+", metavar="FILE", help=_FEATURE_FILES)
    parser.add_argument("--labels", metavar="FILE", help=_TRUE_LABELS)


def _add_benchmark(commands):
    parser = _add_command(
        commands,
        "benchmark",
        run_benchmark,
        "compare methods on features of many datasets",
        "Fit methods on the features of the split 'train' of each dataset, score them on 'val', "
        "and write tables and figures. A benchmark that was stopped goes on where it was when it "
        "is started again. The exit status is 1 where a part failed.",
    )
    add_benchmark_options(parser)


def _add_report(commands):
    parser = _add_command(
        commands,
        "report",
        run_report,
        "show a clustering of feature files as one HTML page",
        "Write one HTML page that shows a clustering: names, sizes and typical samples of the "
        "clusters, a map, how confident the labels are, how far the restarts agree. The page "
        "holds all its pictures and opens without a network.",
    )
    add_report_options(parser, _FEATURE_FILES)


def _add_cluster(commands):
    parser = _add_command(
        commands,
        "cluster",
        run_cluster,
        "find, name and show the clusters of images or texts",
        "Encode the images of a folder, or the texts of a table, by one or more foundation models, "
        "find the clusters, name them, and show them. Models that are not on this machine yet are "
        "downloaded by their libraries.",
    )
    add_cluster_options(parser)


def _add_command(commands, name, run, summary, description):
    parser = commands.add_parser(name, help=summary, description=description)
    parser.set_defaults(run=run)
    return parser


def _add_output(parser, what, default):
    parser.add_argument(
        "-o",
        "--output",
        default=default,
        metavar="FILE",
        help=f"where to write the {what}: {', '.join(ARRAY_SUFFIXES)} (default: %(default)s)",
    )
