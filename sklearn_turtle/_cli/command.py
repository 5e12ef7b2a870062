"""A command of the command line."""

import argparse
from collections.abc import Callable
from typing import NamedTuple


class Command(NamedTuple):
    """A command of the command line.

    Parameters
    ----------
    name : str
        The word that starts the command.
    summary : str
        One line for the list of commands.
    description : str
        A paragraph for the help of the command.
    add_options : callable
        Adds the arguments of the command to its parser.
    run : callable
        Runs the command with the parsed arguments. Returns the exit status, or None for 0.
    """

    name: str
    summary: str
    description: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int | None]
