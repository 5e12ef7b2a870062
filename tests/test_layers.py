"""Imports go downwards: from a room to the rooms below it, and never in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import sklearn_turtle

PACKAGE = Path(sklearn_turtle.__file__).parent

# From the bottom to the top. CONTRIBUTING.md explains each room in one line.
ROOMS = [
    "_io",
    "_solver",
    "_input",
    "_linear",
    "metrics",
    "datasets",
    "persistence",
    "_estimator",
    "_turtle",
    "model_selection",
    "distributed",
    "encoders",
    "exploration",
    "display",
    "report",
    "paper",
    "_cli",
    "__main__",
]
ROOMS_OF_THE_SOLVER = ["rows", "step", "loop", "strategy"]
# the lowest rooms whose modules may import from the top level of the package, which has the public
# names of the rooms up to model_selection
ABOVE_THE_TOP_LEVEL = ROOMS[ROOMS.index("model_selection") + 1 :]


def module_name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path):
    """Names of the modules of the package that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            # what is imported may be a module or a name in one
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else node.module for name in whole]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "sklearn_turtle")


def room(module, rooms, depth):
    parts = module.split(".")
    return rooms.index(parts[depth]) if len(parts) > depth else None


def test_every_module_is_in_a_room():
    assert {name.split(".")[1] for name in MODULES if "." in name} == set(ROOMS)


@pytest.mark.parametrize("module", [name for name in MODULES if "." in name])
def test_imports_go_downwards(module):
    own = module.split(".")[1]
    for other in imported(MODULES[module]):
        if other == "sklearn_turtle":
            assert own in ABOVE_THE_TOP_LEVEL, f"{module} imports {other}"
        else:
            assert room(other, ROOMS, 1) <= ROOMS.index(own), f"{module} imports {other}"


@pytest.mark.parametrize("module", [name for name in MODULES if name.count(".") > 2])
def test_imports_within_the_solver_go_downwards(module):
    if not module.startswith("sklearn_turtle._solver."):
        return
    own = room(module, ROOMS_OF_THE_SOLVER, 2)
    for other in imported(MODULES[module]):
        assert other.startswith("sklearn_turtle._solver."), f"{module} imports {other}"
        assert room(other, ROOMS_OF_THE_SOLVER, 2) <= own, f"{module} imports {other}"


def test_no_import_circle():
    graph = {
        module: {other for other in imported(path) if other != "sklearn_turtle"}
        for module, path in MODULES.items()
    }
    # a package is its __init__, which imports the modules in it
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_no_private_name_is_imported_from_another_module():
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "sklearn_turtle"
            ):
                names = [alias.name for alias in node.names]
                private = [
                    name
                    for name in names
                    if name.startswith("_")
                    and not name.startswith("__")
                    and f"{node.module}.{name}" not in MODULES
                ]
                assert not private, f"{module} imports {private} from {node.module}"


def test_the_package_stays_easy_to_survey():
    entries = [path for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 20
