"""Packages that not every installation has."""

from importlib import import_module


def import_extra(module, package, extra, purpose):
    """Import a module of an optional package, or say how to install it.

    Parameters
    ----------
    module : str
        Name of the module.
    package : str
        What pip calls its package.
    extra : str
        The extra of this library that brings the package.
    purpose : str
        What needs it, the beginning of a sentence.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If the package is not there, or cannot be used.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise missing_package(package, extra, purpose, error) from error


def missing_package(package, extra, purpose, reason):
    """The error that says how to install a package."""
    return ImportError(
        f"{purpose} needs {package}: pip install {package}, or "
        f'pip install "sklearn-turtle[{extra}]" for all that {extra} need ({reason}).'
    )
