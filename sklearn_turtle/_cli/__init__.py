"""The command line, ``python -m sklearn_turtle``.

``parser`` combines the commands, each of which is a module: ``digits``, ``fit``, ``predict``,
``score``, ``evaluate``, ``benchmark``, ``report`` and ``cluster``. The other modules are shared by
commands: ``options`` and ``settings`` add options to a parser, ``spaces`` and ``files`` read and
write files, ``output`` formats what is printed.
"""

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.parser import PROGRAM, make_parser, with_default_command
from sklearn_turtle._io._errors import FileError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        The arguments; None for those of the process.

    Returns
    -------
    int
        Exit status: 0 for success, 1 if a part of the command failed, 2 for an error that the
        user can fix, 130 if the user interrupted the command.

    Raises
    ------
    SystemExit
        Raised by argparse after ``--help``, or for invalid arguments.
    """
    arguments = make_parser().parse_args(
        with_default_command(sys.argv[1:] if argv is None else argv)
    )
    try:
        with _one_line_warnings():
            status: int | None = arguments.run(arguments)
    except (CommandError, FileError) as error:
        print(f"{PROGRAM}: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted; nothing more was written", file=sys.stderr)
        return 130
    return status or 0


@contextmanager
def _one_line_warnings() -> Iterator[None]:
    """Print each warning as one line, without the line of code that raised it."""

    def show(message: Warning | str, *location: Any, **options: Any) -> None:
        print(f"{PROGRAM}: warning: {' '.join(str(message).split())}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield
