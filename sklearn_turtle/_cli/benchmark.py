"""The command that compares methods on features of many datasets."""

import argparse

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.settings import add_setting_options, given_settings
from sklearn_turtle.paper import benchmark

_FEATURES = (
    "folder with 'representations/SPACE/DATASET_train.npy' and 'labels/DATASET_train.npy', and the "
    "same for 'val', as the authors' released code writes them; or with 'DATASET/SPACE.npy' and "
    "'DATASET/labels.npy', of which methods are fitted and scored on the same rows"
)


def add_benchmark_options(parser):
    """Add the options of the command to its parser.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Where to add the options.
    """
    parser.add_argument("--features", required=True, metavar="FOLDER", help=_FEATURES)
    parser.add_argument(
        "--methods",
        type=_names,
        default="turtle,turtle-1,kmeans,linear-probe",
        metavar="NAME,...",
        help="what to run (default: %(default)s); a name that ends in '-1' is the method on each "
        "space by itself",
    )
    parser.add_argument(
        "--datasets", type=_names, metavar="NAME,...", help="which datasets (default: all)"
    )
    parser.add_argument(
        "--spaces", type=_names, metavar="NAME,...", help="which spaces (default: all)"
    )
    parser.add_argument(
        "--seeds",
        type=_numbers,
        default="0",
        metavar="N,...",
        help="seeds, over which tables give the mean (default: %(default)s)",
    )
    parser.add_argument(
        "-o",
        "--output",
        default="benchmark",
        metavar="FOLDER",
        help="where to write records, tables and figures (default: %(default)s)",
    )
    settings = parser.add_argument_group(
        "settings of TURTLE",
        "The parameters of sklearn_turtle.TurtleClustering; 'none' stands for None.",
    )
    add_setting_options(settings, leave_out=("random_state", "verbose"))


def run_benchmark(arguments):
    """Compare methods on features of many datasets.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``features``, ``methods``, ``datasets``, ``spaces``, ``seeds``, ``output`` and the
        settings that were given.

    Returns
    -------
    int
        0, or 1 where a cell failed.
    """
    try:
        results = benchmark.run_benchmark(
            arguments.features,
            arguments.output,
            methods=arguments.methods,
            datasets=arguments.datasets,
            spaces=arguments.spaces,
            seeds=arguments.seeds,
            turtle_parameters=given_settings(arguments),
            verbose=1,
        )
    except OSError as error:
        raise CommandError(f"{arguments.output}: {error.strerror or error}") from error
    except ValueError as error:
        raise CommandError(error) from error
    print(f"\n{results.to_markdown()}")
    print(f"Tables: {arguments.output}/results.md, results.csv and results.json")
    try:
        figures = benchmark.write_figures(results, arguments.output)
    except ImportError:
        print('No figures: they need matplotlib (pip install "sklearn-turtle[plot]").')
    else:
        print(f"Figures: {', '.join(str(figure) for figure in figures)}")
    return 1 if results.failed else 0


def _names(text):
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("names no name")
    return names


def _numbers(text):
    try:
        return [int(name) for name in _names(text)]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of integers") from error
