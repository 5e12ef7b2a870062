"""Import packages that are optional."""

from importlib import import_module
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
        If the package is missing or fails to import. The message gives the command that installs
        it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise missing_package(package, extra, purpose, error) from error


def missing_package(package: str, extra: str, purpose: str, reason: object) -> ImportError:
    """Make the error for an optional package that is missing or fails to import."""
    return ImportError(
        f"{purpose} needs {package}: pip install {package}, or "
        f'pip install "sklearn-turtle[{extra}]" for all packages of this extra ({reason}).'
    )
