"""Fitting again, starting from labels."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.exploration import (
    EditedClustering,
    merge_clusters,
    refit_from_labels,
    split_cluster,
)
from sklearn_turtle.metrics import clustering_accuracy
from sklearn_turtle.paper.baselines import SpacesKMeans
from tests.support.explored import blob_turtle


def test_labels_that_classifiers_separate_are_kept(digits):
    spaces, _, turtle = digits
    edited = turtle.labels_.copy()
    edited[edited == 1] = 0
    for polish_iter in (0, None):
        refitted = refit_from_labels(turtle, spaces, edited, polish_iter=polish_iter)
        assert refitted.n_clusters == 9
        assert clustering_accuracy(edited, refitted.labels_) > 0.98


def test_wrong_labels_are_repaired(digits):
    spaces, y, turtle = digits
    rng = np.random.default_rng(0)
    wrong = rng.random(len(y)) < 0.3
    edited = np.where(wrong, rng.integers(0, 10, len(y)), y)
    refitted = refit_from_labels(turtle, spaces, edited)
    assert clustering_accuracy(y, edited) < 0.8
    assert clustering_accuracy(y, refitted.labels_) > 0.95


def test_few_labels_suffice(digits):
    spaces, y, turtle = digits
    edited = np.full(len(y), -1)
    for digit in range(10):
        edited[np.flatnonzero(y == digit)[:3]] = digit
    unpolished = refit_from_labels(turtle, spaces, edited, polish_iter=0)
    refitted = refit_from_labels(turtle, spaces, edited)
    assert len(unpolished.loss_curve_) == unpolished.n_iter_ == 0
    accuracies = [clustering_accuracy(y, found.labels_) for found in (unpolished, refitted)]
    assert min(accuracies) > 0.85


def test_the_result_is_a_fitted_clustering(blobs):
    spaces, y, turtle = blobs
    names = np.array(["north", "east", "south", "west"])[y]
    refitted = refit_from_labels(turtle, spaces, names)
    assert type(refitted) is TurtleClustering
    assert set(vars(refitted)) == set(vars(turtle))
    assert clustering_accuracy(names, refitted.labels_) > 0.95
    assert np.array_equal(refitted.predict(spaces), refitted.labels_)
    assert (np.diff(np.bincount(refitted.labels_)) <= 0).all()
    assert refitted.temperature_ == 1
    assert np.isnan(refitted.stability_)
    assert refitted.n_iter_ == len(refitted.loss_curve_) == 0
    again = refit_from_labels(turtle, spaces, names)
    np.testing.assert_array_equal(again.coef_[0], refitted.coef_[0])


def test_the_clustering_is_not_changed(blobs):
    spaces, y, turtle = blobs
    before = turtle.get_params(), turtle.labels_.copy(), turtle.coef_[0].copy()
    refit_from_labels(turtle, spaces, np.minimum(y, 1), polish_iter=0)
    assert turtle.get_params() == before[0]
    assert np.array_equal(turtle.labels_, before[1])
    assert np.array_equal(turtle.coef_[0], before[2])


def test_an_edited_clustering_becomes_linear(blobs):
    spaces, _, turtle = blobs
    edited = merge_clusters(split_cluster(turtle, spaces, 0), [1, 2])
    labels = edited.predict(spaces)
    refitted = refit_from_labels(edited, spaces, labels, polish_iter=0)
    assert refitted.coef_[0].shape == (4, 12)
    assert clustering_accuracy(labels, refitted.labels_) > 0.95


def test_the_spaces_are_those_of_the_fit(blobs):
    spaces, y, turtle = blobs
    stacked, widths = stack_spaces(spaces)
    expected = refit_from_labels(turtle, spaces, y)
    of_stacked = refit_from_labels(turtle, stacked, y)
    np.testing.assert_array_equal(of_stacked.coef_[1], expected.coef_[1])
    assert of_stacked.space_names_ == ["space0", "space1"]
    frame = pd.DataFrame(
        stacked, columns=[f"{'ab'[i >= widths[0]]}__{i}" for i in range(sum(widths))]
    )
    of_frame = refit_from_labels(blob_turtle(spaces="prefix").fit(frame), frame, y)
    np.testing.assert_array_equal(of_frame.coef_[1], expected.coef_[1])
    assert of_frame.feature_names_in_.tolist() == list(frame.columns)
    assert of_frame.space_names_ == ["a", "b"]
    assert np.array_equal(of_frame.predict(frame), of_frame.labels_)
    of_edited = refit_from_labels(merge_clusters(of_frame, [0, 1]), frame, y)
    np.testing.assert_array_equal(of_edited.coef_[1], expected.coef_[1])


def test_arguments_are_checked(blobs):
    spaces, y, turtle = blobs
    with pytest.raises(ValueError, match="labels has 3 entries, but X has 240 samples"):
        refit_from_labels(turtle, spaces, y[:3])
    with pytest.raises(ValueError, match="all -1"):
        refit_from_labels(turtle, spaces, np.full(240, -1))
    with pytest.raises(ValueError, match="polish_iter"):
        refit_from_labels(turtle, spaces, y, polish_iter=-1)
    with pytest.raises(ValueError, match="fit saw 2"):
        refit_from_labels(turtle, spaces[:1], y)
    with pytest.raises(ValueError, match="estimator"):
        refit_from_labels(object(), spaces, y)
    kmeans = SpacesKMeans(4, n_init=1).fit(spaces)
    with pytest.raises(TypeError, match="got SpacesKMeans"):
        refit_from_labels(EditedClustering(kmeans), spaces, y)
    with pytest.raises(NotFittedError):
        refit_from_labels(blob_turtle(), spaces, y)
