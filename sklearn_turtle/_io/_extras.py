"""Import packages that are optional."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def import_extra(module: str, package: str, extra: str, purpose: str) -> Any:
    """Import a module of an optional package.

    Parameters
    ----------
    module : str
        Name of the module.
    package : str
        Name of the package that pip installs.
    extra : str
        Name of the extra of this library that installs the package.
    purpose : str
        The operation that needs the package; starts the error message.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If the package is missing (the message gives the command that installs it), or if it is
        installed but fails to import (the message says what failed).
    """
    try:
        return import_module(module)
    except Exception as error:  # a broken package raises errors of any type
        if is_installed(module):
            raise ImportError(f"{purpose} needs {package}, {broken_package(error)}.") from error
        raise missing_package(package, extra, purpose, error) from error


def is_installed(module: str) -> bool:
    """Return True if the package of a module is installed, whether or not it can be imported."""
    name = module.partition(".")[0]
    if name in sys.modules:
        return sys.modules[name] is not None
    return find_spec(name) is not None


def broken_package(error: BaseException) -> str:
    """Say that a package is installed but fails to import, and why."""
    cause = root_cause(error)
    reason = " ".join(str(cause).split())
    return (
        f"which is installed but fails to import ({type(cause).__name__}: {reason}): install it "
        "again, or the version or package that it asks for"
    )


def root_cause(error: BaseException) -> BaseException:
    """The first error of a chain: packages hide it behind their own."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def missing_package(package: str, extra: str, purpose: str, reason: object) -> ImportError:
    """Make the error for an optional package that is missing."""
    return ImportError(
        f"{purpose} needs {package}: pip install {package}, or "
        f'pip install "sklearn-turtle[{extra}]" for all packages of this extra ({reason}).'
    )
