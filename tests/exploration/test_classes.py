"""Classes of clusters from a few labeled samples."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import TurtleClustering, stack_spaces
from sklearn_turtle.exploration import ClusterClassifier, assign_classes
from tests.support.explored import blob_turtle


# some checks use data without clusters
@pytest.mark.filterwarnings("ignore:The sizes that cluster_prior states")
@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
@parametrize_with_checks(
    [ClusterClassifier(blob_turtle(n_init=4, polish_iter=5, cluster_prior="uniform"))]
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def stacked_digits(digits):
    """The digits in one matrix."""
    spaces, y, turtle = digits
    return stack_spaces(spaces)[0], y, turtle


def test_three_labeled_samples_per_class_suffice_for_digits(stacked_digits):
    X, y, turtle = stacked_digits
    few = np.concatenate([np.flatnonzero(y == digit)[:3] for digit in range(10)])
    names = np.array([f"digit {digit}" for digit in y])
    classifier = assign_classes(turtle, X[few], names[few])
    assert classifier.classes_.tolist() == [f"digit {digit}" for digit in range(10)]
    assert classifier.score(X, names) > 0.85
    probabilities = classifier.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(1), 1)
    assert np.array_equal(classifier.classes_[probabilities.argmax(1)], classifier.predict(X))


def test_several_clusters_may_have_one_class(stacked_digits):
    X, y, turtle = stacked_digits
    even = y % 2 == 0
    assert assign_classes(turtle, X[::20], even[::20]).score(X, even) > 0.85


def test_the_clustering_is_not_changed(stacked_digits):
    X, y, turtle = stacked_digits
    before = turtle.labels_.copy(), turtle.coef_[0].copy()
    classifier = assign_classes(turtle, X[:30], y[:30])
    assert isinstance(classifier.estimator, FrozenEstimator)
    assert np.array_equal(turtle.labels_, before[0])
    assert np.array_equal(turtle.coef_[0], before[1])


def test_shares_are_those_of_the_labeled_samples(stacked_digits):
    X, y, turtle = stacked_digits
    shares = assign_classes(turtle, X[:100], y[:100]).class_shares_
    of_clusters = turtle.predict_proba(X[:100]).astype(np.float64)
    for cluster in range(10):
        expected = [of_clusters[y[:100] == digit, cluster].sum() for digit in range(10)]
        np.testing.assert_allclose(shares[cluster], expected / np.sum(expected), rtol=1e-6)


def test_cross_validation_refits_the_clustering(blobs):
    spaces, y, _ = blobs
    X = np.hstack(spaces)
    classifier = ClusterClassifier(blob_turtle(spaces=[12, 8]))
    assert cross_val_score(classifier, X, y, cv=3).min() > 0.8
    assert classifier.fit(X, y).n_features_in_ == 20


def test_spaces_may_be_a_list(blobs):
    spaces, y, turtle = blobs
    few = [x[::10] for x in spaces]
    assert assign_classes(turtle, few, y[::10]).score(spaces, y) > 0.9


def test_an_unfitted_clustering_is_refused():
    with pytest.raises(NotFittedError):
        assign_classes(TurtleClustering(3), np.eye(3), [0, 1, 2])


def test_lengths_must_agree(stacked_digits):
    X, y, turtle = stacked_digits
    with pytest.raises(ValueError, match="inconsistent"):
        assign_classes(turtle, X[:5], y[:4])
