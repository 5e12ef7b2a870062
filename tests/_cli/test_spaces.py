"""Reading models and spaces, and naming spaces."""

import numpy as np
import pandas as pd
import pytest

from sklearn_turtle._cli.errors import CommandError
from sklearn_turtle._cli.spaces import read_model_and_spaces, read_spaces, space_names
from tests.support.command_line import N_SAMPLES


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/clip.npy", "dino.tar.npz"], ["clip", "dino"]),
        (["clip.npy", "b/clip.npy"], ["clip.npy", "b/clip.npy"]),
        (["clip.npy", "clip.npy"], ["space0", "space1"]),
    ],
)
def test_names(paths, names):
    assert space_names(paths) == names


def test_spaces_are_printed(fitted, capsys):
    np.savetxt("table.csv", np.zeros((3, 2)), delimiter=",", header="a,b", comments="")
    spaces = read_spaces(["clip.npy", "table.csv"], ["clip", "table"])
    assert [space.shape for space in spaces] == [(N_SAMPLES, 12), (3, 2)]
    assert capsys.readouterr().out.splitlines() == [
        f"clip: clip.npy, {N_SAMPLES} samples x 12 features, float16",
        "table: table.csv, 3 samples x 2 features",
    ]


def test_columns_of_vectors(fitted, capsys):
    clip, dino = np.load("clip.npy"), np.load("dino.npy")
    table = pd.DataFrame({"id": range(N_SAMPLES), "clip": list(clip), "dino": list(dino)})
    table.to_parquet("x.parquet")
    _, spaces, _ = read_model_and_spaces("model.pt", ["x.parquet:clip", "x.parquet:dino"])
    assert f"x.parquet:clip, {N_SAMPLES} samples x 12 features, float16" in capsys.readouterr().out
    np.testing.assert_array_equal(spaces[0], clip)
    np.testing.assert_array_equal(spaces[1], dino)


def test_columns_of_lists_of_texts(folder):
    pd.DataFrame({"words": [["a"], ["b"]]}).to_parquet("x.parquet")
    with pytest.raises(CommandError, match=r"^x\.parquet, column 'words' holds string"):
        read_spaces(["x.parquet"], ["x"])


def test_model_and_spaces(fitted):
    turtle, spaces, names = read_model_and_spaces("model.pt", ["clip.npy", "dino.npy"])
    assert turtle.n_clusters_ == 4
    assert len(spaces) == 2
    assert names == turtle.space_names_


def test_number_of_spaces(fitted):
    message = r"model\.safetensors: has 2 space\(s\), but 1 feature file\(s\) are given"
    with pytest.raises(CommandError, match=message):
        read_model_and_spaces("model.safetensors", ["clip.npy"])
