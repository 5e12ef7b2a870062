"""Merging clusters."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from sklearn_turtle.exploration import merge_clusters
from tests.support.explored import blob_turtle
from tests.support.given import Given

PROBABILITIES = [[0.4, 0.3, 0.1, 0.2], [0.0, 0.0, 0.75, 0.25], [0.2, 0.3, 0.25, 0.25]]
X = np.arange(3.0)[:, None]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([[1, 2]], [[0.4, 0.4, 0.2], [0.0, 0.75, 0.25], [0.2, 0.55, 0.25]]),
        ([[3, 0]], [[0.6, 0.3, 0.1], [0.25, 0.0, 0.75], [0.45, 0.3, 0.25]]),
        ([[1, 3], [2, 0]], [[0.5, 0.5], [0.75, 0.25], [0.45, 0.55]]),
        ([[2]], PROBABILITIES),
        ([], PROBABILITIES),
    ],
)
def test_probabilities_worked_out_by_hand(groups, expected):
    merged = merge_clusters(Given(probabilities=PROBABILITIES), *groups)
    np.testing.assert_allclose(merged.predict_proba(X), expected)
    assert merged.n_clusters == len(expected[0])
    assert merged.predict(X).tolist() == np.argmax(expected, axis=1).tolist()


@pytest.mark.parametrize("group", [[0, 4], [-1, 0], [0.5], 3, ["a"]])
def test_groups_must_be_clusters(group):
    with pytest.raises(ValueError, match="list of clusters from 0 to 3"):
        merge_clusters(Given(probabilities=PROBABILITIES), group)


def test_groups_must_not_overlap():
    with pytest.raises(ValueError, match="overlap"):
        merge_clusters(Given(probabilities=PROBABILITIES), [0, 1], [1, 2])


def test_the_clustering_must_be_fitted():
    with pytest.raises(NotFittedError):
        merge_clusters(blob_turtle())
