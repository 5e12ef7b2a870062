"""The gallery runs."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
NEEDS = {
    "search_on_dask.py": ["distributed"],
    "search_on_ray.py": ["ray"],
    "search_with_optuna.py": ["optuna", "optuna_integration"],
}


@pytest.mark.filterwarnings("ignore:.*optuna:FutureWarning")  # of its own parts, on import
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_runs(path, monkeypatch, capsys):
    if "matplotlib" in path.read_text():
        pytest.importorskip("matplotlib").use("Agg")
    for module in NEEDS.get(path.name, []):
        pytest.importorskip(module)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    runpy.run_path(str(path))
    assert capsys.readouterr().out
    if "matplotlib" in path.read_text():
        import matplotlib.pyplot as plt

        plt.close("all")
