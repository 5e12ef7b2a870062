"""Edited clusterings in files."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from sklearn_turtle import TurtleClustering
from sklearn_turtle._cli.files import read_model
from sklearn_turtle.exploration import (
    EditedClustering,
    merge_clusters,
    refit_from_labels,
    split_cluster,
)
from sklearn_turtle.exploration._edited_file import FORMAT_VERSION, KIND
from sklearn_turtle.persistence._container import read_container, write_container
from tests.support.explored import blob_turtle
from tests.support.given import Given


@pytest.fixture(scope="module")
def edited(blobs):
    spaces, _, turtle = blobs
    return merge_clusters(split_cluster(turtle, spaces, 2), [0, 4], [1, 3])


@pytest.fixture(scope="module")
def path(tmp_path_factory, edited):
    path = tmp_path_factory.mktemp("edited") / "model.safetensors"
    edited.save(path)
    return path


def test_round_trip(blobs, edited, path):
    spaces, _, turtle = blobs
    for loaded in (EditedClustering.load(path), read_model(str(path))):
        assert np.array_equal(loaded.predict_proba(spaces), edited.predict_proba(spaces))
        assert np.array_equal(loaded.labels_, edited.labels_)
        assert loaded.n_clusters_ == 3
        assert loaded.estimator.get_params() == turtle.get_params()
        again = merge_clusters(loaded, [0, 1])
        assert np.array_equal(again.labels_ == 0, edited.labels_ < 2)
        assert refit_from_labels(loaded, spaces, loaded.labels_).n_clusters_ == 3


def test_without_labels(blobs, path, tmp_path):
    spaces, _, turtle = blobs
    EditedClustering(turtle).save(tmp_path / "m")
    loaded = EditedClustering.load(tmp_path / "m")
    assert not hasattr(loaded, "labels_")
    assert np.array_equal(loaded.predict(spaces), turtle.labels_)


def test_the_kinds_of_files_are_told_apart(blobs, path, tmp_path):
    with pytest.raises(ValueError, match=r"model\.safetensors: .*kind 'sklearn_turtle.EditedC"):
        TurtleClustering.load(path)
    blobs[2].save(tmp_path / "m")
    with pytest.raises(ValueError, match=r"expected .*Edited.* has kind 'sklearn_turtle.TurtleC"):
        EditedClustering.load(tmp_path / "m")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content, arrays: arrays.pop("edits.0.coef_.1"), "coef_.1"),
        (lambda content, arrays: content.pop("estimator"), "estimator"),
        (lambda content, arrays: content["edits"][0].update(split=4), "no cluster 4 to split"),
        (
            lambda content, arrays: content["edits"][1].update(merge=[0, 1, 2]),
            "does not number 5 clusters",
        ),
        (
            lambda content, arrays: content["edits"][1].update(merge=[0, 1, 3, 1, 0]),
            "does not number 5 clusters",
        ),
        (
            lambda content, arrays: content["estimator"]["parameters"].update(n_clusters=0),
            "n_clusters",
        ),
    ],
)
def test_content_that_is_no_edited_clustering(path, tmp_path, change, message):
    content, arrays = read_container(path, KIND, FORMAT_VERSION)
    change(content, arrays)
    write_container(tmp_path / "changed", KIND, FORMAT_VERSION, content, arrays)
    with pytest.raises(ValueError, match=f"changed: .*{message}"):
        EditedClustering.load(tmp_path / "changed")


def test_what_cannot_be_saved_leaves_no_file(tmp_path):
    with pytest.raises(TypeError, match="only a TurtleClustering can be saved"):
        merge_clusters(Given(probabilities=np.eye(3)), [0, 1]).save(tmp_path / "m")
    with pytest.raises(NotFittedError):
        EditedClustering(blob_turtle()).save(tmp_path / "m")
    assert not list(tmp_path.iterdir())
