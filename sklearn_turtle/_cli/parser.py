"""The parser of all commands."""

import argparse
from collections.abc import Sequence

from sklearn_turtle._cli.benchmark import BENCHMARK
from sklearn_turtle._cli.cluster import CLUSTER
from sklearn_turtle._cli.digits import DIGITS
from sklearn_turtle._cli.evaluate import EVALUATE
from sklearn_turtle._cli.fit import FIT
from sklearn_turtle._cli.predict import PREDICT
from sklearn_turtle._cli.report import REPORT
from sklearn_turtle._cli.score import SCORE
from sklearn_turtle._io._version import __version__

PROGRAM = "python -m sklearn_turtle"

_COMMANDS = (DIGITS, FIT, PREDICT, SCORE, EVALUATE, BENCHMARK, REPORT, CLUSTER)
_DESCRIPTION = (
    "Cluster samples by the features that one or more frozen foundation models compute for them, "
    "without labels (TURTLE, ICML 2024). Without a command, cluster the handwritten digits of "
    "scikit-learn as an example."
)


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands.

    Returns
    -------
    argparse.ArgumentParser
        The parsed arguments contain ``run``, the function of the command.
    """
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=_DESCRIPTION,
        epilog=f"Run '{PROGRAM} COMMAND --help' for the options of a command.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        subparser = commands.add_parser(
            command.name, help=command.summary, description=command.description
        )
        command.add_options(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def with_default_command(argv: Sequence[str]) -> list[str]:
    """Prepend the command "digits" to arguments that do not start with a command.

    Parameters
    ----------
    argv : sequence of str
        The arguments.

    Returns
    -------
    list of str
    """
    if argv and (not argv[0].startswith("-") or argv[0] in ("-h", "--help", "--version")):
        return list(argv)
    return ["digits", *argv]
