"""Edited clusterings: several edits, containers of the input, and scikit-learn's interface."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.mixture import GaussianMixture

from sklearn_turtle import predict_to_file, stack_spaces
from sklearn_turtle._solver.rows import _chunks
from sklearn_turtle.exploration import (
    EditedClustering,
    assign_classes,
    cluster_representatives,
    merge_clusters,
    split_cluster,
)
from sklearn_turtle.persistence import export_onnx, save_labeling
from sklearn_turtle.report import write_report
from tests.support.explored import blob_turtle
from tests.support.given import Given


def test_edits_add_up(blobs):
    spaces, _, turtle = blobs
    split = split_cluster(turtle, spaces, 1)
    back = merge_clusters(split, [1, 4])
    assert isinstance(back, EditedClustering)
    assert back.estimator is turtle
    assert (split.n_clusters, back.n_clusters) == (5, 4)
    np.testing.assert_allclose(back.predict_proba(spaces), turtle.predict_proba(spaces), atol=1e-6)
    untouched = [0, 2, 3]
    np.testing.assert_array_equal(
        split.predict_proba(spaces)[:, untouched], turtle.predict_proba(spaces)[:, untouched]
    )
    twice = merge_clusters(split_cluster(split, spaces, 0), [0, 2], [3, 5])
    np.testing.assert_allclose(twice.predict_proba(spaces).sum(1), 1, atol=1e-6)
    assert twice.n_clusters == 4


def test_the_container_of_the_input_does_not_matter(blobs):
    spaces, _, turtle = blobs
    split = split_cluster(turtle, spaces, 0)
    stacked, _ = stack_spaces(spaces)
    expected = split.predict(spaces)
    assert np.array_equal(split.predict(stacked), expected)
    assert np.array_equal(split_cluster(turtle, stacked, 0).predict(spaces), expected)
    named = dict(zip(split.space_names_, spaces, strict=True))
    assert np.array_equal(split.predict(named), expected)
    of_stacked = blob_turtle(spaces=[12, 8]).fit(stacked)
    assert np.array_equal(split_cluster(of_stacked, stacked, 0).predict(stacked), expected)


def test_names_of_features(blobs):
    spaces, _, turtle = blobs
    frames = {name: pd.DataFrame(x).add_prefix("f") for name, x in zip("ab", spaces, strict=True)}
    split = split_cluster(blob_turtle().fit(frames), frames, 0)
    expected = split_cluster(turtle, spaces, 0).predict(spaces)
    assert np.array_equal(split.predict(frames), expected)
    assert split.feature_names_in_[0] == "a__f0"
    stacked = pd.DataFrame(np.hstack(spaces), columns=split.feature_names_in_)
    edited = merge_clusters(blob_turtle(spaces="prefix").fit(stacked), [0, 1])
    assert len(cluster_representatives(edited, stacked, 2)) == 3
    with pytest.raises(ValueError, match="feature names"):
        edited.predict(stacked.iloc[:, ::-1])


def test_the_result_is_an_estimator(blobs):
    spaces, y, turtle = blobs
    edited = merge_clusters(turtle, [0, 1])
    expected = edited.predict(spaces)
    assert expected.dtype == np.int32
    assert edited.n_features_in_ == 20
    assert np.array_equal(pickle.loads(pickle.dumps(edited)).predict(spaces), expected)
    assert len(cluster_representatives(edited, spaces, 2)) == 3
    few = [x[::10] for x in spaces]
    assert assign_classes(edited, few, y[::10]).predict(spaces).shape == y.shape
    assert np.array_equal(edited.fit(spaces).predict(spaces), expected)
    assert np.array_equal(EditedClustering(turtle, edited.edits).fit_predict(spaces), expected)
    assert 0.5 < edited.score(spaces) <= 1
    with pytest.raises(NotFittedError):
        clone(edited).predict(spaces)
    with pytest.raises(NotFittedError):
        clone(edited).fit(spaces)


@pytest.mark.parametrize("write", [save_labeling, export_onnx])
def test_formats_of_linear_labelings_refuse_it(blobs, tmp_path, write):
    with pytest.raises(TypeError, match="must be a TurtleClustering, not EditedClustering"):
        write(merge_clusters(blobs[2], [0, 1]), tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_labels(blobs):
    spaces, _, turtle = blobs
    merged = merge_clusters(turtle, [1, 3])
    assert merged.labels_.dtype == np.int32
    assert np.array_equal(merged.labels_, np.array([0, 1, 2, 1])[turtle.labels_])
    split = split_cluster(merged, spaces, 0)
    assert np.array_equal(split.labels_, split.predict(spaces))
    assert split.n_clusters_ == split.n_clusters == 4
    few = [x[:30] for x in spaces]
    assert np.array_equal(split.fit(few).labels_, split.predict(few))
    assert merged.fit(few) is merged
    assert len(merged.labels_) == 30
    assert not hasattr(merge_clusters(Given(probabilities=np.eye(3)), [0, 1]), "labels_")
    rejected = Given(probabilities=np.eye(3))
    rejected.labels_ = np.array([-1, 2, 0])
    assert merge_clusters(rejected, [0, 1]).labels_.tolist() == [-1, 1, 0]


def test_uncertain_samples_are_rejected(blobs):
    spaces, _, turtle = blobs
    edited = split_cluster(merge_clusters(turtle, [0, 1]), spaces, 0)
    certainty = edited.predict_proba(spaces).max(1)
    threshold = float(np.median(certainty))
    labels = edited.predict(spaces, reject_below=threshold)
    assert np.array_equal(labels == -1, certainty < threshold)
    assert 0 < (labels == -1).mean() <= 0.5
    assert np.array_equal(labels[labels >= 0], edited.predict(spaces)[labels >= 0])
    with pytest.raises(ValueError, match="reject_below=2"):
        edited.predict(spaces, reject_below=2)


def test_predictions_in_a_file(blobs, tmp_path, monkeypatch):
    spaces, _, turtle = blobs
    edited = split_cluster(merge_clusters(turtle, [0, 1]), spaces, 0)
    probabilities, labels = edited.predict_proba(spaces), edited.predict(spaces)
    monkeypatch.setattr(_chunks, "CHUNK_VALUES", 200)
    predict_to_file(edited, spaces, tmp_path / "p.npy", proba=True)
    np.testing.assert_allclose(np.load(tmp_path / "p.npy"), probabilities, atol=1e-6)
    predict_to_file(edited, spaces, tmp_path / "y.npy")
    assert np.array_equal(np.load(tmp_path / "y.npy"), labels)
    bad = spaces[1].copy()
    bad[200] = np.nan
    with pytest.raises(ValueError, match="contains NaN: space 'space1', first in row 200"):
        predict_to_file(edited, [spaces[0], bad], tmp_path / "y.npy")


def test_dask_arrays_are_predicted_lazily(blobs):
    dask_array = pytest.importorskip("dask.array")
    spaces, _, turtle = blobs
    edited = split_cluster(merge_clusters(turtle, [0, 1]), spaces, 0)
    lazy = [dask_array.from_array(x, chunks=(100, -1)) for x in spaces]
    probabilities = edited.predict_proba(lazy)
    assert isinstance(probabilities, dask_array.Array)
    np.testing.assert_allclose(probabilities, edited.predict_proba(spaces), atol=1e-6)
    assert np.array_equal(edited.predict(lazy).compute(), edited.predict(spaces))


def test_a_clustering_of_another_package():
    x = np.random.default_rng(0).normal(size=(60, 3)) + 5 * np.eye(3).repeat(20, 0)

    class Mixture(GaussianMixture):
        @property
        def n_clusters(self):
            return self.n_components

    mixture = Mixture(3, random_state=0).fit(x)
    merged = merge_clusters(mixture, [0, 2])
    expected = mixture.predict_proba(x)
    np.testing.assert_allclose(merged.predict_proba(x)[:, 1], expected[:, 1])
    labels = merged.predict(x, reject_below=0.5)
    assert np.array_equal(labels == 1, expected.argmax(1) == 1)
    assert 0.5 < merged.score(x) <= 1
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    merged = merge_clusters(Mixture(3, random_state=0).fit(frame), [0, 2])
    np.testing.assert_allclose(merged.predict_proba(frame)[:, 1], expected[:, 1])
    with pytest.raises(ValueError, match="feature names"):
        merged.predict(frame[["b", "a", "c"]])


def test_a_report(blobs, tmp_path):
    spaces, _, turtle = blobs
    edited = merge_clusters(turtle, [0, 1])
    write_report(tmp_path / "r.html", edited, spaces, map_method="pca")
    assert "cluster 2" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_clustering_is_not_changed(blobs):
    spaces, _, turtle = blobs
    before = turtle.get_params(), turtle.labels_.copy(), turtle.coef_[0].copy()
    split_cluster(merge_clusters(turtle, [0, 1]), spaces, 0)
    assert turtle.get_params() == before[0]
    assert np.array_equal(turtle.labels_, before[1])
    assert np.array_equal(turtle.coef_[0], before[2])
