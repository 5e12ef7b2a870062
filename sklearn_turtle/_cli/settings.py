"""One option for each parameter of the estimator."""

import argparse
import inspect
from collections.abc import Collection
from typing import Any

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.parameters import PARAMETER_GROUPS

_WORDS = {"none": None, "true": True, "false": False}


def add_setting_options(parser: argparse.ArgumentParser, leave_out: Collection[str] = ()) -> None:
    """Add an option for each parameter of TurtleClustering to a parser, in groups.

    The parsed arguments contain only options that were given, so that the defaults are those of
    the estimator.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Parser of the command.
    leave_out : collection of str, default=()
        Parameters without an option.
    """
    signature = inspect.signature(TurtleClustering).parameters
    for title, description, help_texts in PARAMETER_GROUPS:
        group = parser.add_argument_group(title, description)
        for name, text in help_texts.items():
            if name in leave_out:
                continue
            option = f"--{name.replace('_', '-')}"
            default = _format_value(signature[name].default)
            text = f"{text} (default: {default})".replace("%", "%%")
            if name == "verbose":  # a switch, as in other command lines
                group.add_argument(option, action="count", default=argparse.SUPPRESS, help=text)
            else:
                group.add_argument(
                    option, type=parse_value, default=argparse.SUPPRESS, metavar="VALUE", help=text
                )


def given_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Collect the parameters of TurtleClustering that were given on the command line.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments of a parser with the options of :func:`add_setting_options`.

    Returns
    -------
    dict
        Parameters by name.
    """
    return {
        name: getattr(arguments, name)
        for group in PARAMETER_GROUPS
        for name in group.help_texts
        if name in arguments
    }


def parse_value(text: str) -> int | float | bool | str | None:
    """Parse the value of an option; the estimator checks if it is valid for the parameter.

    Parameters
    ----------
    text : str
        An integer, a number, "none", "true", "false", or any other text.

    Returns
    -------
    int, float, bool, None or str
    """
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _format_value(value: object) -> str:
    """Format a value as :func:`parse_value` reads it."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
