"""Data without clusters."""

import numpy as np

from sklearn_turtle._estimator.n_clusters._null import without_clusters
from sklearn_turtle._input._spaces import spaces_of_collection


def test_data_without_clusters_has_the_same_covariances():
    rng = np.random.default_rng(0)
    joint = rng.normal(size=(5000, 6)) ** 3 @ rng.normal(size=(6, 6)) + 7
    spaces = spaces_of_collection([joint[:, :4], joint[:, 4:]])
    null = np.hstack(without_clusters(spaces, np.random.RandomState(0)))
    assert null.shape == (4000, 6)
    expected = np.cov(joint.T)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(np.cov(null.T) / scale, expected / scale, atol=0.06)


def test_few_samples_give_as_many_rows():
    spaces = spaces_of_collection([np.eye(5, 3)])
    (null,) = without_clusters(spaces, np.random.RandomState(0))
    assert null.shape == (5, 3)
