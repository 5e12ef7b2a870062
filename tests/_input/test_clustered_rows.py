import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.cluster import KMeans

from sklearn_turtle._input._clustered_rows import (
    n_clusters_of,
    read_clustered_rows,
    read_spaces,
)
from tests.support.given import Given
from tests.support.two_spaces import two_spaces

SPACES, _ = two_spaces(60)
LABELS = np.arange(60) % 3


@pytest.fixture
def clustered():
    """Three clusters of equal size, and an empty one."""
    return read_clustered_rows(Given(LABELS, n_clusters=4), SPACES)


def test_sizes_count_empty_clusters(clustered):
    assert clustered.n_clusters == 4
    assert clustered.device == torch.device("cpu")
    assert_array_equal(clustered.sizes, [20, 20, 20, 0])


def test_means(clustered, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)
    for sign, transform in [(1, None), (-1, torch.neg)]:
        for means, x in zip(clustered.means(transform), SPACES, strict=True):
            for cluster in range(3):
                expected = sign * x[cluster::3].mean(0, dtype=np.float64)
                assert_allclose(means[cluster], expected, rtol=1e-5, atol=1e-6)
            assert_array_equal(means[3], 0)


def test_chunks_hold_every_row_once(clustered, monkeypatch):
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)
    slices, features, labels = zip(*clustered.chunks(), strict=True)
    assert len(slices) > 1
    assert_array_equal(np.concatenate([np.arange(60)[rows] for rows in slices]), np.arange(60))
    assert_array_equal(torch.cat(labels), LABELS)
    for k in range(2):
        assert_array_equal(torch.cat([of_chunk[k] for of_chunk in features]), SPACES[k])


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (LABELS - 2, r"\[-2, -2, -2, -2, -2\] of dtype int64"),
        (LABELS / 2, r"\[0\.0, 0\.5, 1\.0, 0\.0, 0\.5\] of dtype float64"),
        (LABELS.astype(str), r"\['0', '1', '2', '0', '1'\]"),
    ],
)
def test_labels_must_be_numbers_of_clusters(labels, found):
    with pytest.raises(
        ValueError, match=rf"Given\.predict must number .* from 0, .* found {found}"
    ):
        read_clustered_rows(Given(labels), SPACES)


def test_rejected_samples_belong_to_no_cluster():
    rejected = np.arange(60) % 5 == 0
    clustered = read_clustered_rows(Given(np.where(rejected, -1, LABELS)), SPACES)
    assert clustered.n_clusters == 3
    assert_array_equal(clustered.sizes, np.bincount(LABELS[~rejected]))
    for means, x in zip(clustered.means(), SPACES, strict=True):
        for cluster in range(3):
            expected = x[~rejected & (cluster == LABELS)].mean(0, dtype=np.float64)
            assert_allclose(means[cluster], expected, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match=r"Given\.predict rejects all 60 samples \(-1\)"):
        read_clustered_rows(Given(np.full(60, -1)), SPACES)


def test_number_of_clusters():
    assert n_clusters_of(Given(LABELS)) is None
    assert n_clusters_of(Given(LABELS, n_clusters=4)) == 4
    assert read_clustered_rows(Given(LABELS), SPACES).n_clusters == 3
    # of "auto", the attribute of the fit is used
    estimator = Given(LABELS, n_clusters="auto")
    assert read_clustered_rows(estimator, SPACES).n_clusters == 3
    estimator.n_clusters_ = 5
    assert read_clustered_rows(estimator, SPACES).n_clusters == 5


def test_spaces_of_estimators_of_other_packages():
    kmeans = KMeans(2)
    assert read_spaces(kmeans, SPACES[0]).names == ["space0"]
    assert read_spaces(kmeans, {"clip": SPACES[0]}).names == ["clip"]
