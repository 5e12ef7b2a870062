"""Rules behind parameters, and priors over the sizes of clusters."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._estimator import _rules
from tests.support.two_spaces import small_turtle

SIZES = [300, 60, 30, 20]


def unequal_blobs():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(4), SIZES)
    centers = rng.normal(size=(4, 15)) * 3
    return centers[y] + rng.normal(size=(len(y), 15)), y


@pytest.mark.parametrize(
    "prior",
    [np.array(SIZES[::-1]), [1.0, 2.0, 3.0, 15.0], 2.0],
    ids=["sizes", "list", "power"],
)
def test_finds_clusters_of_unequal_size(prior):
    X, y = unequal_blobs()
    labels = small_turtle(cluster_prior=prior).fit(X).labels_
    equal = small_turtle(cluster_prior="uniform").fit(X).labels_
    assert adjusted_rand_score(y, labels) > adjusted_rand_score(y, equal) + 0.1


# the small clusters may be taken for one
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_uniform_prior_makes_equal_clusters():
    X, _ = unequal_blobs()
    sizes = np.bincount(small_turtle(cluster_prior="uniform").fit(X).labels_)
    by_default = np.bincount(small_turtle().fit(X).labels_)
    assert sizes.max() < by_default.max()


def test_a_prior_of_equal_sizes_is_the_entropy():
    X, _ = unequal_blobs()
    coefs = [
        small_turtle(cluster_prior=prior, max_iter=5, polish_iter=0).fit(X).coef_[0]
        for prior in ("uniform", 0.0, [1, 1, 1, 1])
    ]
    np.testing.assert_allclose(coefs[1], coefs[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(coefs[1], coefs[2])


def test_log_prior_is_normalized_and_falls():
    for prior in (1.5, [1, 5, 3]):
        log_prior = _rules.log_prior(prior, 3)
        assert log_prior.exp().sum() == pytest.approx(1)
        assert (log_prior.diff() <= 0).all()


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        ([1, 2], "one proportion for each of the n_clusters=4"),
        ([1, 2, 3, 0], "must be positive and finite"),
        ([1, 2, 3, np.inf], "must be positive and finite"),
        (-1.0, "'cluster_prior' parameter"),
        ("power", "'cluster_prior' parameter"),
    ],
)
def test_impossible_priors_are_refused(prior, message):
    with pytest.raises(ValueError, match=message):
        small_turtle(cluster_prior=prior).fit(unequal_blobs()[0])


def test_batch_size_grows_with_the_clusters_and_ends_with_the_samples():
    assert _rules.batch_size(10**6, 10) == 1000
    assert _rules.batch_size(10**6, 77) == 1540
    assert _rules.batch_size(10**6, 300) == 4000
    assert _rules.batch_size(10**6, 1000) == 10_000
    assert _rules.batch_size(500, 200) == 500


def test_mini_batches_of_few_samples_differ():
    assert _rules.batch_size(1000, 10) == 750
    assert _rules.batch_size(1400, 10) == 1000
    assert _rules.batch_size(1, 1) == 1


def test_steps_grow_with_the_logarithm_of_the_clusters():
    assert _rules.max_iter(1) == _rules.max_iter(2) == 50
    assert _rules.max_iter(10) == 81
    assert _rules.max_iter(1000) == 242


def test_number_of_components_follows_the_clusters():
    assert [_rules.n_components(n_clusters) for n_clusters in (1, 50, 1000)] == [256, 350, 512]
    X = make_blobs(200, n_features=300, centers=4, random_state=0)[0]
    turtles = [
        small_turtle(n_components=n_components, max_iter=3, polish_iter=0).fit(X)
        for n_components in ("auto", 256, 300)
    ]
    coefs = [turtle.coef_[0] for turtle in turtles]
    np.testing.assert_array_equal(coefs[0], coefs[1])
    assert np.abs(coefs[2] - coefs[1]).max() > 1e-3
