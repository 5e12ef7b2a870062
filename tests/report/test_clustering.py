"""The clustering that a report shows."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from sklearn_turtle.exploration import name_clusters
from sklearn_turtle.report._clustering import read_clustering
from tests.report.conftest import WORDS
from tests.support.given import Given


def test_an_estimator_with_probabilities(blobs):
    spaces, texts, turtle = blobs
    clustering = read_clustering(turtle, spaces, None, None)
    np.testing.assert_array_equal(clustering.labels, turtle.predict(spaces))
    np.testing.assert_array_equal(clustering.predict_proba(None), turtle.predict_proba(spaces))
    assert clustering.names == [f"cluster {cluster}" for cluster in range(4)]
    named = read_clustering(turtle, spaces, None, texts)
    assert named.names == name_clusters(turtle, spaces, texts=texts).names


def test_an_estimator_without_probabilities(blobs):
    stacked = np.hstack(blobs[0])
    kmeans = KMeans(4, n_init=1, random_state=0).fit(stacked)
    clustering = read_clustering(kmeans, stacked, None, None)
    assert clustering.confidence is None
    np.testing.assert_array_equal(clustering.sizes, np.bincount(kmeans.labels_))
    np.testing.assert_array_equal(clustering.predict_proba(None).argmax(1), kmeans.labels_)


def test_integer_labels_may_have_any_numbers(blobs):
    spaces, _, turtle = blobs
    labels = np.where(turtle.labels_ == 3, -1, turtle.labels_)  # -1 is noise in many libraries
    clustering = read_clustering(labels, spaces[0], None, None)
    assert clustering.names == ["cluster -1", "cluster 0", "cluster 1", "cluster 2"]
    assert clustering.sizes[0] == (turtle.labels_ == 3).sum()
    assert list(clustering.spaces) == ["space0"]


def test_string_labels_are_names(blobs):
    spaces, texts, turtle = blobs
    words = np.array(WORDS)[turtle.labels_]
    assert read_clustering(words, spaces, None, texts).names == WORDS
    assert read_clustering(words, spaces, ["a", "b", "c", "d"], texts).names == list("abcd")


def test_empty_clusters_are_counted():
    probabilities = [[0.9, 0, 0.1, 0], [0.1, 0, 0.9, 0], [0.2, 0, 0.8, 0]]
    clustering = read_clustering(Given(probabilities=probabilities), np.eye(3), None, None)
    assert clustering.sizes.tolist() == [1, 0, 2, 0]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 2], "There are 3 labels, but X has 240 samples"),
        ([np.nan] * 240, r"labels\[0\] is missing \(nan\)"),
        (np.zeros((240, 2)), "1d array"),
    ],
)
def test_wrong_labels_are_refused(blobs, labels, message):
    with pytest.raises(ValueError, match=message):
        read_clustering(labels, blobs[0], None, None)


def test_rejected_samples_are_a_group_of_their_own():
    class Rejecting:
        def predict(self, X):
            return np.array([0, -1, 1, 0])

    clustering = read_clustering(Rejecting(), np.eye(4), None, None)
    assert clustering.names == ["cluster -1", "cluster 0", "cluster 1"]
    assert clustering.labels.tolist() == [1, 0, 2, 1]
