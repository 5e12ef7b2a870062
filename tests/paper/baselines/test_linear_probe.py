"""The linear probe, and the choice of the strength of its penalty."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_turtle import stack_spaces
from sklearn_turtle.datasets import load_digit_spaces
from sklearn_turtle.paper.baselines import LinearProbe
from sklearn_turtle.paper.baselines._linear_probe import scores_around_peak
from tests.support.two_spaces import two_spaces

FEW = [1e-3, 1e-1, 1.0]


@parametrize_with_checks([LinearProbe(Cs=FEW, random_state=0)])
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    spaces, y = load_digit_spaces()
    few = {name: X[:, ::5] for name, X in spaces.items()}
    return few, np.array([f"digit {digit}" for digit in y])


def test_digits(digits):
    spaces, y = digits
    seen, new = (
        {name: X[rows] for name, X in spaces.items()} for rows in (slice(1200), slice(1200, None))
    )
    probe = LinearProbe(random_state=0).fit(seen, y[:1200])
    assert probe.score(new, y[1200:]) > 0.93
    assert probe.classes_.tolist() == [f"digit {digit}" for digit in range(10)]
    # by default, 15 of 96 strengths are tried in each space
    np.testing.assert_allclose(np.log10(probe.Cs_), np.linspace(-6, 6, 96), atol=1e-12)
    assert ((~np.isnan(probe.validation_scores_)).sum(1) <= 15).all()


def test_coarse_to_fine_is_as_good_as_exhaustive(digits):
    spaces, y = digits
    X = spaces["filters"][:600]
    few = {"Cs": 25, "random_state": 0}
    fast = LinearProbe(**few).fit(X, y[:600])
    full = LinearProbe(search="exhaustive", **few).fit(X, y[:600])
    assert not np.isnan(full.validation_scores_).any()
    assert full.Cs_[full.validation_scores_[0].argmax()] == full.C_
    # the curve is flat for weak penalties: one of the 120 held-out rows may move its peak
    assert np.nanmax(fast.validation_scores_) >= full.validation_scores_.max() - 2 / 120


def test_one_space_is_logistic_regression():
    spaces, y = two_spaces()
    probe = LinearProbe(Cs=FEW, random_state=0, tol=1e-6).fit(spaces[0], y)
    expected = LogisticRegression(C=probe.C_[0], tol=1e-6, max_iter=1000).fit(spaces[0], y)
    np.testing.assert_allclose(probe.coef_[0], expected.coef_, atol=1e-6)
    np.testing.assert_allclose(
        probe.predict_proba(spaces[0]), expected.predict_proba(spaces[0]), atol=1e-5
    )
    assert np.array_equal(probe.predict(spaces[0]), expected.predict(spaces[0]))


def test_two_classes():
    spaces, y = two_spaces(n_clusters=2)
    probe = LinearProbe(Cs=[0.01], random_state=0).fit(spaces[0], y)
    expected = LogisticRegression(C=0.01, max_iter=1000).fit(spaces[0], y)
    assert probe.coef_[0].shape == (2, 12)
    np.testing.assert_allclose(
        probe.predict_proba(spaces[0]), expected.predict_proba(spaces[0]), atol=1e-5
    )


def test_several_spaces_are_averaged():
    spaces, y = two_spaces()
    both = LinearProbe(Cs=FEW, random_state=0).fit(spaces, y)
    alone = [LinearProbe(Cs=FEW, random_state=0).fit(x, y) for x in spaces]
    expected = np.mean([p.predict_proba(x) for p, x in zip(alone, spaces, strict=True)], axis=0)
    np.testing.assert_allclose(both.predict_proba(spaces), expected, atol=1e-6)
    assert both.C_.tolist() == [probe.C_[0] for probe in alone]


def test_cross_validation_of_stacked_spaces():
    spaces, y = two_spaces()
    X, widths = stack_spaces(spaces)
    probe = LinearProbe(spaces=widths, Cs=FEW, random_state=0)
    assert cross_val_score(probe, X, y, cv=3).min() > 0.9


def test_rare_class_stays_in_training():
    spaces, y = two_spaces()
    y[0] = 99
    probe = LinearProbe(Cs=FEW, random_state=0, validation_fraction=0.9).fit(spaces, y)
    assert probe.classes_.tolist() == [0, 1, 2, 3, 99]


def test_weak_penalties_do_not_warn_unless_chosen():
    spaces, y = two_spaces()
    with pytest.warns(ConvergenceWarning):
        LinearProbe(Cs=[1e9], max_iter=3).fit(spaces[0], y)
    LinearProbe(Cs=[1e-6, 1e9], max_iter=3, tol=0.5).fit(np.zeros_like(spaces[0]), y)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [({"Cs": [0.0, 1.0]}, "positive"), ({"Cs": []}, "positive"), ({"Cs": 0}, "'Cs' parameter")],
)
def test_invalid_strengths(parameters, message):
    spaces, y = two_spaces()
    with pytest.raises(ValueError, match=message):
        LinearProbe(**parameters).fit(spaces, y)


def test_unsuitable_classes():
    with pytest.raises(ValueError, match="each class only once"):
        LinearProbe().fit(np.eye(3), [0, 1, 2])
    with pytest.raises(ValueError, match="only one class"):
        LinearProbe().fit(np.eye(3), [1, 1, 1])


def test_error_about_nan_names_the_space():
    spaces, y = two_spaces()
    probe = LinearProbe(Cs=FEW).fit(spaces, y)
    spaces[1][3, 0] = np.nan
    with pytest.raises(ValueError, match=r"'space1', first in row 3"):
        probe.predict(spaces)
    with pytest.raises(ValueError, match=r"'space1', first in row 3"):
        LinearProbe(Cs=FEW).fit(spaces, y)


@given(
    rising=st.lists(st.integers(1, 5), max_size=80),
    n_best=st.integers(1, 9),
    falling=st.lists(st.integers(1, 5), max_size=80),
)
def test_single_peak_is_found(rising, n_best, falling):
    up, down = np.cumsum([0, *rising]), -np.cumsum([0, *falling])
    scores = np.concatenate([up, np.full(n_best - 1, up[-1]), up[-1] + down[1:]])
    found = scores_around_peak(lambda index: scores[index], len(scores), 16)
    assert np.nanargmax(found) == scores.argmax()
    everything = scores_around_peak(lambda index: scores[index], len(scores), 1)
    assert np.array_equal(everything, scores)
