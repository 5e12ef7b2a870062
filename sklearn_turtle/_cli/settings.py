"""One option for each parameter of the estimator, so that each is stated in one place."""

import argparse
import inspect
import re

from sklearn_turtle import TurtleClustering

# These two have their own places on the command line: an option that must be given, and the
# list of files.
NOT_SETTINGS = ("n_clusters", "spaces")

_WORDS = {"none": None, "true": True, "false": False}


def add_setting_options(parser, leave_out=()):
    """Add an option for every setting of TurtleClustering to a parser.

    An option that is not given leaves no trace in the parsed arguments, so that the default is
    the estimator's own.

    Parameters
    ----------
    parser : argparse.ArgumentParser or argument group
        Where to add the options.
    leave_out : sequence of str, default=()
        Parameters that get no option.
    """
    descriptions = _parameter_descriptions(inspect.getdoc(TurtleClustering) or "")
    for name in _setting_names():
        if name in leave_out:
            continue
        option = f"--{name.replace('_', '-')}"
        text = descriptions.get(name, "").replace("%", "%%").replace("``", "")
        if name == "verbose":  # a switch, as on other command lines
            parser.add_argument(
                option,
                action="count",
                default=argparse.SUPPRESS,
                help=f"{text} Give it once for 1, twice for 2.",
            )
        else:
            parser.add_argument(
                option, type=parse_value, default=argparse.SUPPRESS, metavar="VALUE", help=text
            )


def given_settings(arguments):
    """Collect the settings that were given on the command line.

    Parameters
    ----------
    arguments : argparse.Namespace
        What a parser with the options of :func:`add_setting_options` returned.

    Returns
    -------
    dict
        Parameters of TurtleClustering.
    """
    return {name: getattr(arguments, name) for name in _setting_names() if name in arguments}


def parse_value(text):
    """Read the value of an option; whether it suits the parameter is for the estimator to say.

    Parameters
    ----------
    text : str
        An integer, a number, "none", "true", "false", or anything else.

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


def _setting_names():
    parameters = inspect.signature(TurtleClustering).parameters
    return [name for name in parameters if name not in NOT_SETTINGS]


def _parameter_descriptions(docstring):
    """The entries of the section "Parameters" of a numpydoc docstring, each as one line."""
    _, _, section = docstring.partition("Parameters\n----------\n")
    section, _, _ = section.partition("\nAttributes\n----------\n")
    entries = re.findall(r"^(\w+) : (.+)\n((?: .*\n|\n)*)", section + "\n", flags=re.MULTILINE)
    return {name: " ".join(f"{text} [{kind}]".split()) for name, kind, text in entries}
