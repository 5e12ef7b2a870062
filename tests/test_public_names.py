"""Every public name is listed and documented."""

import inspect
import pkgutil
from importlib import import_module
from importlib.metadata import version

import pytest
from numpydoc.validate import validate

import sklearn_turtle

MODULES = [
    "sklearn_turtle",
    "sklearn_turtle.datasets",
    "sklearn_turtle.display",
    "sklearn_turtle.distributed",
    "sklearn_turtle.encoders",
    "sklearn_turtle.exploration",
    "sklearn_turtle.metrics",
    "sklearn_turtle.model_selection",
    "sklearn_turtle.paper.baselines",
    "sklearn_turtle.paper.benchmark",
    "sklearn_turtle.persistence",
    "sklearn_turtle.report",
]
# Checks of numpydoc that do not apply. The order of parameters (PR03) is checked.
IGNORED = {
    "ES01",  # not every summary needs more text
    "SA01",  # not every name needs "See Also"
    "SA04",  # an entry of "See Also" may be its name alone
    "GL01",  # ruff checks the layout
    "RT02",  # returned values may be named
    "PR02",  # "X, y" may share an entry
}


def public_callables():
    for module in MODULES:
        for name in import_module(module).__all__:
            value = getattr(import_module(module), name)
            if not callable(value):
                continue
            yield f"{module}.{name}"
            if inspect.isclass(value):
                for method, attribute in vars(value).items():
                    made_by_sklearn = method.startswith("set_") and method.endswith("_request")
                    public = not method.startswith("_") and not made_by_sklearn
                    if public and inspect.isroutine(attribute):
                        yield f"{module}.{name}.{method}"


def test_all_public_modules_are_listed():
    found = pkgutil.walk_packages(sklearn_turtle.__path__, "sklearn_turtle.")
    public = [module.name for module in found if "._" not in f".{module.name}"]
    with_names = [name for name in public if hasattr(import_module(name), "__all__")]
    assert sorted(["sklearn_turtle", *with_names]) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_all_names_of_a_module_are_listed(name):
    module = import_module(name)
    public = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    ]
    # ruff checks the order
    assert sorted(public) == sorted(name for name in module.__all__ if name != "__version__")


@pytest.mark.parametrize("name", sorted(set(public_callables())))
def test_docstrings_are_complete(name):
    errors = [f"{code}: {text}" for code, text in validate(name)["errors"] if code not in IGNORED]
    if name.split(".")[-2][0].isupper():  # a method may be in the example of its class
        errors = [error for error in errors if not error.startswith("EX01")]
    assert not errors


def test_the_version_has_one_source():
    assert version("sklearn-turtle") == sklearn_turtle.__version__
