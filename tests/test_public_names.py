"""Every public name is documented in full."""

import inspect
from importlib import import_module
from importlib.metadata import version

import pytest
from numpydoc.validate import validate

import sklearn_turtle

MODULES = [
    "sklearn_turtle",
    "sklearn_turtle.exploration",
    "sklearn_turtle.paper.baselines",
    "sklearn_turtle.paper.benchmark",
    "sklearn_turtle.datasets",
    "sklearn_turtle.display",
    "sklearn_turtle.distributed",
    "sklearn_turtle.encoders",
    "sklearn_turtle.exploration",
    "sklearn_turtle.persistence",
    "sklearn_turtle.metrics",
    "sklearn_turtle.model_selection",
    "sklearn_turtle.persistence",
    "sklearn_turtle.report",
]
# what this project's docstrings do without
IGNORED = {
    "ES01",  # an extended summary is written where there is something to add
    "SA01",  # so is "See Also"
    "SA04",
    "GL01",  # ruff checks the layout
    "RT02",  # return values may be named
    "PR02",  # "X, y" may share an entry
}


def public_callables():
    for module in MODULES:
        for name in import_module(module).__all__:
            thing = getattr(import_module(module), name)
            if not callable(thing):
                continue
            yield f"{module}.{name}"
            if inspect.isclass(thing):
                for method, what in vars(thing).items():
                    made_by_sklearn = method.startswith("set_") and method.endswith("_request")
                    public = not method.startswith("_") and not made_by_sklearn
                    if public and inspect.isroutine(what):
                        yield f"{module}.{name}.{method}"


@pytest.mark.parametrize("name", sorted(set(public_callables())))
def test_docstring_is_whole(name):
    errors = [f"{code}: {text}" for code, text in validate(name)["errors"] if code not in IGNORED]
    if name.split(".")[-2][0].isupper():  # methods share the class's example
        errors = [error for error in errors if not error.startswith("EX01")]
    assert not errors


def test_version_comes_from_one_place():
    assert version("sklearn-turtle") == sklearn_turtle.__version__
