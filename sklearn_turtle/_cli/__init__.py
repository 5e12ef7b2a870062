"""The command line, ``python -m sklearn_turtle``.

``parser`` says what can be asked for, ``commands``, ``benchmark``, ``report`` and ``cluster`` do it
with what is in ``shared``, ``files`` reads and writes, ``settings`` makes options of the parameters
of the estimator, and ``digits`` computes the features that the command without arguments runs on.
"""

import sys
import warnings
from contextlib import contextmanager

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.parser import PROGRAM, make_parser, with_default_command
from sklearn_turtle._io._errors import FileError

__all__ = ["main"]


def main(argv=None):
    """Run one command.

    Parameters
    ----------
    argv : list of str or None, default=None
        The arguments; None for those of the process.

    Returns
    -------
    int
        Exit status: 0 for success, 1 where a part of what was asked for failed, 2 where the user
        has something to mend, 130 where the user interrupted.

    Raises
    ------
    SystemExit
        By argparse: after ``--help``, or where the arguments cannot be understood.
    """
    argv = with_default_command(sys.argv[1:] if argv is None else argv)
    arguments = make_parser().parse_args(argv)
    try:
        with _one_line_warnings():
            status = arguments.run(arguments)
    except (CommandError, FileError) as error:
        print(f"{PROGRAM}: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted, nothing more was written", file=sys.stderr)
        return 130
    return status or 0


@contextmanager
def _one_line_warnings():
    """Print warnings as one line each, without the line of code that they come from."""

    def show(message, category, filename, lineno, file=None, line=None):
        print(f"{PROGRAM}: warning: {' '.join(str(message).split())}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield
