"""Outlier scores of new samples."""

import pickle

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.exceptions import NotFittedError
from sklearn.metrics import roc_auc_score

from sklearn_turtle import stack_spaces
from sklearn_turtle._solver.rows import _chunks
from sklearn_turtle.exploration import OutlierDetector, merge_clusters
from tests.support.explored import blob_turtle
from tests.support.given import Given
from tests.support.two_spaces import two_spaces


def take(spaces, rows):
    return [x[rows] for x in spaces]


@pytest.fixture(scope="module")
def split():
    """Reference samples, new samples like them, and a detector that knows the former."""
    spaces, _ = two_spaces(480)
    known, new = take(spaces, slice(None, None, 2)), take(spaces, slice(1, None, 2))
    return known, new, OutlierDetector(blob_turtle().fit(known)).fit(known)


def test_scores_of_samples_like_the_reference_are_uniform(split):
    _, new, detector = split
    assert detector.scores_.shape == (240,)
    for scores in (detector.scores_, detector.score_samples(new)):
        assert scores.dtype == np.float64
        assert ((scores > 0) & (scores <= 1)).all()
        assert kstest(scores, "uniform").pvalue > 0.01


def test_samples_far_away(split):
    known, _, detector = split
    far = [np.outer([1.0, 10.0, 100.0], 20 * np.ones(x.shape[1])) for x in known]
    assert detector.estimator.predict_proba(far)[2].max() > 0.99
    scores = detector.score_samples(far)
    assert (scores < 1 / 240).all()
    assert (np.diff(scores) < 0).all()
    assert (detector.predict(far) == -1).all()
    one_space = [known[0][:5], known[1][:5] + 30]
    assert (detector.score_samples(one_space) < 0.01).all()


def test_threshold(split):
    known, new, detector = split
    half = OutlierDetector(detector.estimator, contamination=0.5).fit(known)
    is_inlier = half.predict(new)
    assert set(is_inlier) == {-1, 1}
    assert 0.4 < (is_inlier == -1).mean() < 0.6
    np.testing.assert_array_equal(half.decision_function(new), half.score_samples(new) - 0.5)
    found = OutlierDetector(detector.estimator, contamination=0.25).fit_predict(known)
    assert (found == -1).mean() == pytest.approx(0.25, abs=0.01)


def test_worked_out_by_hand():
    # the squared distances of the rows from the mean of the other rows, divided by four times their
    # variance, are (11/3)^2 / (56/3), (7/3)^2 / (74/3), (1/3)^2 / (86/3) and (17/3)^2 / (14/3)
    detector = OutlierDetector(Given([0, 0, 0, 0])).fit(np.array([[0.0], [1.0], [3.0], [7.0]]))
    assert detector.scores_.tolist() == [0.5, 0.75, 1, 0.25]
    # the mean is 2.75, and four times the variance 28.75
    scores = detector.score_samples(np.array([[2.75], [4.0], [8.0], [2.75 + 2 * 14.064]]))
    np.testing.assert_allclose(scores, [1, 0.8, 0.4, 0.1], rtol=1e-3)


def test_digits_beside_noise(digits):
    spaces, _, turtle = digits
    known = {name: x[:800] for name, x in spaces.items()}
    new = {name: x[800:] for name, x in spaces.items()}
    detector = OutlierDetector(turtle).fit(known)
    rng = np.random.default_rng(0)
    noise = {name: rng.uniform(x.min(0), x.max(0), (100, x.shape[1])) for name, x in known.items()}
    scores = np.append(detector.score_samples(new), detector.score_samples(noise))
    assert roc_auc_score(np.arange(500) < 400, scores) > 0.95


def test_containers_and_chunks(split, monkeypatch):
    known, new, detector = split
    expected = detector.score_samples(new)
    stacked, _ = stack_spaces(new)
    np.testing.assert_array_equal(detector.score_samples(stacked), expected)
    again = pickle.loads(pickle.dumps(detector))
    np.testing.assert_array_equal(
        again.score_samples(dict(zip(["space0", "space1"], new, strict=True))), expected
    )
    monkeypatch.setattr(_chunks, "CHUNK_VALUES", 300)
    in_chunks = OutlierDetector(detector.estimator).fit(known)
    np.testing.assert_allclose(in_chunks.scores_, detector.scores_, atol=1e-9)
    np.testing.assert_allclose(in_chunks.score_samples(new), expected, atol=1e-9)


def test_other_clusterings(split):
    known, new, detector = split
    edited = merge_clusters(detector.estimator, [0, 1])
    assert OutlierDetector(edited).fit(known).score_samples(new).shape == (240,)
    labels = np.where(np.arange(240) < 120, 5, 2)  # other clusters are empty
    alone = OutlierDetector(Given(labels, n_clusters=9)).fit(known[0])
    assert alone.score_samples(new[0]).shape == (240,)
    assert alone.n_features_in_ == 12


def test_errors(split):
    known, new, detector = split
    with pytest.raises(NotFittedError):
        OutlierDetector(blob_turtle()).fit(known)
    with pytest.raises(NotFittedError):
        OutlierDetector(detector.estimator).score_samples(known)
    with pytest.raises(ValueError, match="X has 1 sample: pass at least 2"):
        OutlierDetector(detector.estimator).fit(take(known, slice(1)))
    with pytest.raises(ValueError, match="contamination"):
        OutlierDetector(detector.estimator, contamination=2).fit(known)
    with pytest.raises(ValueError, match="fit saw 2"):
        detector.score_samples(known[:1])
    bad = new[1].copy()
    bad[7] = np.nan
    with pytest.raises(ValueError, match="contains NaN: space 'space1', first in row 7"):
        detector.score_samples([new[0], bad])
