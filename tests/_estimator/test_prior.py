import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from sklearn_turtle._estimator._prior import log_prior, proportions, sizes_are_known
from tests.support.two_spaces import small_turtle

SIZES = [300, 60, 30, 20]


@pytest.fixture(scope="module")
def unequal_blobs():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(4), SIZES)
    centers = rng.normal(size=(4, 15)) * 3
    return centers[y] + rng.normal(size=(len(y), 15)), y


@pytest.fixture(scope="module")
def equal_labels(unequal_blobs):
    with pytest.warns(UserWarning, match="sizes that cluster_prior states are missed"):
        return small_turtle(cluster_prior="uniform").fit_predict(unequal_blobs[0])


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (1.0, np.array([6, 3, 2]) / 11),
        (0.0, [1 / 3] * 3),
        ([1, 5, 4], [0.5, 0.4, 0.1]),
        (np.array([2, 2, 4]), [0.5, 0.25, 0.25]),
    ],
)
def test_proportions_from_the_largest_to_the_smallest(prior, expected):
    np.testing.assert_allclose(log_prior(prior, 3).exp(), expected)


@pytest.mark.parametrize(
    ("prior", "known"), [("auto", False), ("uniform", True), (1.0, True), ([1, 2], True)]
)
def test_priors_that_state_the_sizes(prior, known):
    assert sizes_are_known(prior) is known


@pytest.mark.parametrize("prior", ["auto", "uniform"])
def test_equal_proportions_need_no_prior(prior):
    assert log_prior(prior, 3) is None


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
def test_impossible_priors_are_refused(unequal_blobs, prior, message):
    with pytest.raises(ValueError, match=message):
        small_turtle(cluster_prior=prior).fit(unequal_blobs[0])


@pytest.mark.parametrize(
    "prior",
    [np.array(SIZES[::-1]), [1.0, 2.0, 3.0, 15.0], 2.0],
    ids=["sizes", "list", "power"],
)
def test_a_prior_finds_clusters_of_unequal_size(unequal_blobs, equal_labels, prior):
    X, y = unequal_blobs
    labels = small_turtle(cluster_prior=prior).fit_predict(X)  # no warning of missed sizes
    assert adjusted_rand_score(y, labels) > adjusted_rand_score(y, equal_labels) + 0.1


def test_a_uniform_prior_makes_clusters_more_equal(unequal_blobs, equal_labels):
    by_default = small_turtle().fit_predict(unequal_blobs[0])
    assert np.bincount(equal_labels).max() < np.bincount(by_default).max()


@pytest.mark.filterwarnings("ignore:The sizes that cluster_prior states")
def test_a_prior_of_equal_sizes_is_the_entropy(unequal_blobs):
    parameters = {"max_iter": 5, "polish_iter": 0, "precision": "float32"}
    coefs = [
        small_turtle(cluster_prior=prior, **parameters).fit(unequal_blobs[0]).coef_[0]
        for prior in ("uniform", 0.0, [1, 1, 1, 1])
    ]
    np.testing.assert_allclose(coefs[1], coefs[0], rtol=1e-3, atol=1e-3 * np.abs(coefs[0]).max())
    np.testing.assert_array_equal(coefs[1], coefs[2])


# the restarts look for equal sizes
@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
def test_stated_sizes_of_clusters_that_lie_far_apart_are_reached():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [600, 12])
    X = rng.normal(size=(2, 24))[y] + 0.2 * rng.normal(size=(len(y), 24))
    for prior in ([600, 12], "auto"):
        labels = small_turtle(n_clusters=2, cluster_prior=prior).fit_predict(X)
        assert adjusted_rand_score(y, labels) > 0.95


def test_proportions_of_uniform_and_unknown_sizes():
    np.testing.assert_allclose(proportions("uniform", 4), [0.25] * 4)
    assert proportions("auto", 4) is None
