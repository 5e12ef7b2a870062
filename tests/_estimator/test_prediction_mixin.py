import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.special import softmax
from sklearn.exceptions import NotFittedError

from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, _ = clear_spaces()


@pytest.fixture(scope="module")
def fitted():
    turtle = small_turtle().fit(SPACES)
    turtle.temperature_ = 2.5
    return turtle


def test_probabilities_are_those_of_equation_9_with_a_temperature(fitted):
    probabilities = fitted.predict_proba(SPACES)
    expected = np.mean(
        [
            softmax(X.astype(float) @ coef.T + intercept, axis=1)
            for X, coef, intercept in zip(SPACES, fitted.coef_, fitted.intercept_, strict=True)
        ],
        axis=0,
    )
    expected **= 1 / 2.5
    expected /= expected.sum(1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, atol=1e-4)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-6)


def test_predictions_agree_with_each_other(fitted):
    labels = fitted.predict(SPACES)
    assert_array_equal(labels, fitted.predict_proba(SPACES).argmax(1))
    assert_array_equal(labels, fitted.labels_)
    assert labels.dtype == fitted.labels_.dtype == np.int32


@pytest.mark.parametrize("reject_below", [0.0, 0.6, 1.0])
def test_unlikely_samples_may_be_rejected(reject_below, fitted):
    labels = fitted.predict(SPACES, reject_below=reject_below)
    rejected = fitted.predict_proba(SPACES).max(1) < reject_below
    assert_array_equal(labels == -1, rejected)
    assert_array_equal(labels[~rejected], fitted.labels_[~rejected])
    assert labels.dtype == np.int32


def test_thresholds_are_probabilities(fitted):
    with pytest.raises(ValueError, match="reject_below"):
        fitted.predict(SPACES, reject_below=1.5)


def test_chunks_change_nothing(fitted, monkeypatch):
    expected = fitted.predict_proba(SPACES)
    monkeypatch.setattr("sklearn_turtle._solver.rows._chunks.CHUNK_VALUES", 300)
    np.testing.assert_allclose(fitted.predict_proba(SPACES), expected, rtol=1e-4, atol=1e-6)
    assert_array_equal(fitted.predict(SPACES), expected.argmax(1))


@pytest.mark.parametrize("method", ["predict", "predict_proba", "score"])
def test_a_fit_is_needed(method):
    with pytest.raises(NotFittedError):
        getattr(small_turtle(), method)(SPACES)


def test_clusters_are_counted_with_empty_ones(fitted):
    assert fitted.n_clusters_ == 4
    copy = pickle.loads(pickle.dumps(fitted))
    copy.labels_ = np.zeros_like(copy.labels_)
    assert copy.n_clusters_ == 4


def test_predictions_do_not_need_the_device_of_the_fit(fitted):
    moved = pickle.loads(pickle.dumps(fitted)).set_params(device="cuda:7")
    assert_array_equal(moved.predict(SPACES), fitted.labels_)
    assert 0 <= moved.score(SPACES) <= 1


# restarts disagree on noise
@pytest.mark.filterwarnings("ignore:The restarts hardly agree")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_clusters_have_a_higher_score_than_noise(fitted):
    noise = np.random.default_rng(0).normal(size=(240, 20)).astype(np.float32)
    of_noise = small_turtle().fit(noise).score(noise)
    assert 0 <= of_noise < fitted.score(SPACES) - 0.02 <= 1
