"""The command ``benchmark``: options, exit status, and output."""

import sys

import pytest

from sklearn_turtle._cli import main
from tests.support.feature_folders import write_released

SHORT = ["--n-init", "2", "--max-iter", "20", "--polish-iter", "3", "--device", "cpu"]


@pytest.fixture
def features(tmp_path, monkeypatch):
    """The folder ``features`` in the current folder, with two small datasets."""
    monkeypatch.chdir(tmp_path)
    write_released(tmp_path / "features", ["cifar10", "mnist"])
    return tmp_path / "features"


def test_progress_tables_and_resuming(features, capsys):
    pytest.importorskip("matplotlib")
    command = ["benchmark", "--features", "features", "--methods", "turtle,kmeans", *SHORT]
    command += ["--seeds", "0,1", "--datasets", "mnist", "--spaces", "clip"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("[1/4] mnist, turtle, seed 0: accuracy ")
    assert "[4/4] mnist, kmeans, seed 1: accuracy " in printed
    assert "| dataset | turtle | kmeans |" in printed
    assert "done before" not in printed
    assert (features.parent / "benchmark" / "results.md").exists()
    assert (features.parent / "benchmark" / "accuracy.png").exists()
    assert main(command) == 0
    assert capsys.readouterr().out.count(" (done before)\n") == 4


def test_failed_cells_change_the_exit_status(features, capsys):
    (features / "labels" / "mnist_train.npy").unlink()
    assert main(["benchmark", "--features", "features", "--methods", "kmeans"]) == 1
    printed = capsys.readouterr().out
    assert "[2/2] mnist, kmeans, seed 0: failed: features/labels/mnist_train.npy: there" in printed


def test_tables_without_matplotlib(features, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert main(["benchmark", "--features", "features", "--methods", "kmeans", "-o", "out"]) == 0
    assert "No figures: A figure needs matplotlib" in capsys.readouterr().out
    assert (features.parent / "out" / "results.md").exists()
    assert not (features.parent / "out" / "accuracy.png").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--features", "nowhere"], "nowhere: contains no features"),
        (["--features", "features", "--methods", "nothing"], "unknown method 'nothing'"),
        (["--features", "features", "-o", "features/labels/mnist_val.npy"], "Not a directory"),
    ],
)
def test_errors_are_one_line(features, capsys, options, message):
    assert main(["benchmark", "--methods", "kmeans", *options]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seeds", "0,a"], "expected integers, got '0,a'"),
        (["--methods", ","], "expected at least one name"),
    ],
)
def test_malformed_lists(features, capsys, options, message):
    with pytest.raises(SystemExit, match="2"):
        main(["benchmark", "--features", "features", *options])
    assert message in capsys.readouterr().err
