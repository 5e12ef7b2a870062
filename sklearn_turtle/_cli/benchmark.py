"""The command ``benchmark``: compare methods on many datasets."""

import argparse

from sklearn_turtle._cli.command import Command
from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.settings import add_setting_options, given_settings
from sklearn_turtle.paper.benchmark import run_benchmark, write_figures

_FEATURES = (
    "folder with 'representations/SPACE/DATASET_train.npy' and 'labels/DATASET_train.npy', and the "
    "same for 'val', as the authors' released code writes them; or with 'DATASET/SPACE.npy' and "
    "'DATASET/labels.npy', if methods are fitted and scored on the same rows"
)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--features", required=True, metavar="FOLDER", help=_FEATURES)
    parser.add_argument(
        "--methods",
        type=_parse_names,
        default="turtle,turtle-1,kmeans,linear-probe",
        metavar="NAME,...",
        help="methods to run (default: %(default)s); append '-1' to a name to run the method on "
        "each space separately",
    )
    parser.add_argument(
        "--datasets", type=_parse_names, metavar="NAME,...", help="datasets (default: all)"
    )
    parser.add_argument(
        "--spaces", type=_parse_names, metavar="NAME,...", help="spaces (default: all)"
    )
    parser.add_argument(
        "--seeds",
        type=_parse_integers,
        default="0",
        metavar="N,...",
        help="seeds; the tables show the mean over the seeds (default: %(default)s)",
    )
    parser.add_argument(
        "-o",
        "--output",
        default="benchmark",
        metavar="FOLDER",
        help="folder to write records, tables and figures to (default: %(default)s)",
    )
    # --seeds and the progress of the benchmark replace these two
    add_setting_options(parser, leave_out=("random_state", "verbose"))


def _run(arguments: argparse.Namespace) -> int:
    try:
        results = run_benchmark(
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
        figures = write_figures(results, arguments.output)
    except ImportError as error:
        print(f"No figures: {error}")
    else:
        print(f"Figures: {', '.join(str(figure) for figure in figures)}")
    return 1 if results.failed else 0


def _parse_names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("expected at least one name")
    return names


def _parse_integers(text: str) -> list[int]:
    try:
        return [int(name) for name in _parse_names(text)]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected integers, got {text!r}") from error


BENCHMARK = Command(
    name="benchmark",
    summary="compare methods on features of many datasets",
    description="Fit methods on the features of the split 'train' of each dataset, score them on "
    "'val', and write tables and figures. If a benchmark was interrupted, the same command resumes "
    "it. The exit status is 1 if a part failed.",
    add_options=_add_options,
    run=_run,
)
