"""The documentation covers every public name and every parameter of the estimator."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from sklearn_turtle import TurtleClustering
from tests.test_public_names import MODULES

ROOT = Path(__file__).parents[1]
# functions return these; users do not make them
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
NAMES = [
    (module, name)
    for module in dict.fromkeys(MODULES)
    for name in import_module(module).__all__
    if name != "__version__"
]


def read(path):
    return path.read_text(encoding="utf-8")


def reference_entries():
    """Yield the pairs of a module and a name that the API reference lists."""
    module = None
    for line in read(ROOT / "docs" / "api.rst").splitlines():
        if match := re.fullmatch(r"\.\. currentmodule:: (\S+)", line):
            module = match[1]
        elif match := re.fullmatch(r"   (\w+)|\.\. autodata:: (\w+)", line):
            yield module, match[1] or match[2]


def test_reference_lists_all_public_names():
    entries = list(reference_entries())
    missing = set(NAMES) - set(entries)
    assert not missing, f"add to docs/api.rst: {sorted(missing)}"
    assert set(entries) <= set(NAMES), f"not public: {sorted(set(entries) - set(NAMES))}"
    assert len(entries) == len(set(entries)), "docs/api.rst lists a name twice"


def test_index_links_all_pages():
    docs = ROOT / "docs"
    pages = {path.stem for path in docs.glob("*.md")} - {"index"}
    index = read(docs / "index.md")
    linked = set(re.findall(r"\((\w+)\.md\)", index))
    toctree = set(index.split("```{toctree}")[1].split())
    assert pages <= linked
    assert pages <= toctree


def test_parameter_guide_covers_all_parameters():
    guide = read(ROOT / "docs" / "parameters.md")
    described = re.findall(r"^\| `(\w+)` \|", guide, flags=re.MULTILINE)
    assert sorted(described) == sorted(TurtleClustering().get_params())


@pytest.fixture(scope="module")
def example_words():
    texts = [read(path) for path in (ROOT / "examples").glob("*.py")]
    return set(re.findall(r"\w+", "\n".join(texts)))


@pytest.mark.parametrize(("module", "name"), [pair for pair in NAMES if pair[1] not in RETURNED])
def test_example_uses_name(module, name, example_words):
    assert name in example_words, f"{module}.{name}: use it in a script of examples/"
