"""Edited clusterings: several edits, containers of the input, and scikit-learn's interface."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sklearn_turtle import stack_spaces
from sklearn_turtle.exploration import (
    EditedClustering,
    assign_classes,
    cluster_representatives,
    merge_clusters,
    split_cluster,
)
from tests.support.explored import blob_turtle


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
    with pytest.raises(NotFittedError):
        clone(edited).predict(spaces)
    with pytest.raises(NotFittedError):
        clone(edited).fit(spaces)


def test_the_clustering_is_not_changed(blobs):
    spaces, _, turtle = blobs
    before = turtle.get_params(), turtle.labels_.copy(), turtle.coef_[0].copy()
    split_cluster(merge_clusters(turtle, [0, 1]), spaces, 0)
    assert turtle.get_params() == before[0]
    assert np.array_equal(turtle.labels_, before[1])
    assert np.array_equal(turtle.coef_[0], before[2])
