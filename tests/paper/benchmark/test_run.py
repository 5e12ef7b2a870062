"""Running a benchmark: names, and what is printed."""

import pytest

from tests.support.feature_folders import make_dataset, write_dataset_folder
from tests.support.small_benchmark import constant, run


def test_folders_of_datasets(folder):
    write_dataset_folder(folder / "own" / "features" / "flowers of mine", *make_dataset(0)["train"])
    results = run(folder / "own")
    assert results.datasets == ["flowers of mine"]
    assert results.records[0]["n_train"] == results.records[0]["n_val"] == 60


def test_progress(folder, capsys):
    run(folder, [constant()], datasets=["mnist"], verbose=1)
    run(folder, [constant()], seeds=[0, 1], datasets=["mnist"], verbose=1)
    first, again, other = capsys.readouterr().out.splitlines()
    assert first.startswith("[1/1] mnist, constant, seed 0: accuracy 0.")
    assert again.startswith("[1/2] mnist, constant, seed 0: accuracy 0.")
    assert again.endswith(" s (done before)")
    assert other.startswith("[2/2] mnist, constant, seed 1: accuracy 0.")
    (folder / "features" / "labels" / "mnist_train.npy").unlink()
    run(folder, [constant()], datasets=["mnist"], verbose=1)
    assert "[1/1] mnist, constant, seed 0: failed: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"methods": ["kmean"]}, "unknown method 'kmean'; choose from turtle, kmeans"),
        ({"datasets": ["mnist2"]}, "unknown dataset 'mnist2'; choose from cifar10, mnist"),
        ({"spaces": ["siglip"]}, "unknown space 'siglip'; choose from clip, dino"),
        ({"methods": ["zero-shot"], "spaces": ["dino"]}, "nothing to run"),
    ],
)
def test_nothing_runs_with_wrong_names(folder, parameters, message):
    with pytest.raises(ValueError, match=message):
        run(folder, **parameters)
    assert not (folder / "out").exists()


def test_folder_without_features(tmp_path):
    (tmp_path / "features").mkdir()
    with pytest.raises(ValueError, match="contains no features"):
        run(tmp_path)
