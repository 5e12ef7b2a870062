"""Every public name has an entry in the reference of the API, and is used in an example."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.test_public_names import MODULES

ROOT = Path(__file__).parents[1]
# what functions return, which users do not make themselves
RETURNED = {
    "BenchmarkResults",
    "ClusterClassifier",
    "ClusterNames",
    "DatasetInfo",
    "EditedClustering",
    "ImageDataset",
    "NClustersSelection",
    "ProbeComparison",
    "QuotedFigure",
}
NAMES = [(module, name) for module in MODULES for name in import_module(module).__all__]


def entries():
    """Pairs of a module and a name that the page of the API lists."""
    module = None
    for line in (ROOT / "docs" / "api.rst").read_text().splitlines():
        if match := re.fullmatch(r"\.\. currentmodule:: (\S+)", line):
            module = match[1]
        elif match := re.fullmatch(r"   (\w+)|\.\. autodata:: (\w+)", line):
            yield module, match[1] or match[2]


def test_reference_has_all_public_names():
    listed = set(entries())
    missing = set(NAMES) - listed
    assert not missing, f"add to docs/api.rst: {sorted(missing)}"
    assert listed <= set(NAMES), f"not public: {sorted(listed - set(NAMES))}"


@pytest.fixture(scope="module")
def words_of_examples():
    texts = [path.read_text() for path in (ROOT / "examples").glob("*.py")]
    return set(re.findall(r"\w+", "\n".join(texts)))


@pytest.mark.parametrize(("module", "name"), [pair for pair in NAMES if pair[1] not in RETURNED])
def test_name_is_used_in_an_example(module, name, words_of_examples):
    assert name in words_of_examples, f"{module}.{name}: use it in a script of examples/"
